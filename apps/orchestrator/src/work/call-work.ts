import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import type { Work } from '@trivium/async';
import { type MethodCall, StartRequest } from '@trivium/contracts/trivium/calls/v1/calls';
import type { ServiceRegistry } from '@trivium/registry';
import { Code, RpcError } from '@trivium/rpc';
import { isSafe, maxAttemptsOf } from '../calls/call-policy.ts';
import { packReply } from '../calls/struct.ts';
import { jsonType } from './json-type.ts';
import { knownMethod } from './known-method.ts';
import { timeLeftMs } from './time-left.ts';

/**
 * The work of an operation that is one call: its response is the method's reply, a `google.protobuf.Struct`. After a
 * crash a method that is declared safe is called again; any other is not, and the outcome is unknown.
 */
export function createCallWork(registry: ServiceRegistry): Work {
  return async (operation) => {
    const request = StartRequest.decode(operation.request);
    const { method: name, request: json = {} } = methodCall(request);
    const method = await knownMethod(registry, name, operation.signal);
    const response = await operation.step<JsonValue>('call', {
      method: name,
      repeatable: isSafe(method),
      type: jsonType(),
      async run(signal) {
        const timeoutMs = timeLeftMs(operation);
        const maxAttempts = maxAttemptsOf(method);
        const options = { signal, timeoutMs, maxAttempts };
        return (await registry.call(name, json as JsonObject, options)).response;
      },
    });
    return packReply(response);
  };
}

/** The call that an operation was started with. */
export function methodCall({ work }: StartRequest): MethodCall {
  if (work?.$case === 'call') return work.value;
  throw new RpcError(Code.INTERNAL, 'The operation was not started with a call');
}
