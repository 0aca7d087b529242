import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import type { Work } from '@trivium/async';
import { StartRequest } from '@trivium/contracts/trivium/calls/v1/calls';
import type { ServiceRegistry } from '@trivium/registry';
import { isSafe } from '../calls/call-policy.ts';
import { packReply } from '../calls/struct.ts';
import { methodCall } from './call-work.ts';
import { eachValueFrom } from './each-value-from.ts';
import { jsonType } from './json-type.ts';
import { knownMethod } from './known-method.ts';
import { timeLeftMs } from './time-left.ts';

/**
 * The work of an operation that is one call whose responses stream: each of them becomes a progress event, and the last
 * one the operation's response. After a crash a method that is safe streams again from its beginning, and its events say
 * to which attempt they belong.
 */
export function createStreamWork(registry: ServiceRegistry): Work {
  return async (operation) => {
    const request = StartRequest.decode(operation.request);
    const { method: name, request: json = {} } = methodCall(request);
    const method = await knownMethod(registry, name, operation.signal);
    const last = await operation.step<JsonValue>('stream', {
      method: name,
      repeatable: isSafe(method),
      type: jsonType(),
      async run(signal) {
        let latest: JsonValue = {};
        let count = 0;
        const timeoutMs = timeLeftMs(operation);
        const responses = registry.stream(name, json as JsonObject, { signal, timeoutMs });
        for await (latest of eachValueFrom(responses)) {
          count += 1;
          const description = `Message ${count} of ${name}.`;
          await operation.emit({ kind: 'MESSAGE', description, payload: packReply(latest) });
        }
        return latest;
      },
    });
    return packReply(last);
  };
}
