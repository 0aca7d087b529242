import { runInCall } from '../call/call-context.ts';
import { logCall } from '../call/call-log.ts';
import { Call } from '../call/call.ts';
import { Code } from '../error/code.ts';
import { RpcError } from '../error/rpc-error.ts';
import type { Logger } from '../logger.ts';
import type { Validator } from '../validation/validator.ts';
import type { BoundService } from './bind.ts';
import type { Calls } from './calls.ts';
import { createCodec } from './codec.ts';
import type { ServeCall } from './grpc-server.ts';
import { runHandler, type ServedMethod } from './run-handler.ts';

/** A service as a host serves it. */
export interface Registration {
  readonly service: BoundService;
  /** `infrastructure` is logged at debug. */
  readonly role: 'application' | 'infrastructure';
  /** Whether its calls are served whatever the load, and during a drain. */
  readonly isExempt: boolean;
}

/** What a router is made from. */
export interface RouterOptions {
  readonly registrations: readonly Registration[];
  readonly calls: Calls;
  readonly validator: Validator;
  readonly log: Logger;
  readonly defaultTimeoutMs: number;
  readonly maxMessageBytes: number;
}

/**
 * Creates what finds the way of a call from its path to its handler. A path that leads nowhere is
 * answered with `UNIMPLEMENTED`, and logged like any other call. Throws a TypeError when two
 * services have the same name.
 */
export function createRouter(options: RouterOptions): (path: string) => ServeCall {
  const { calls, log } = options;
  const routes = new Map<string, ServeCall>();

  for (const { service, role, isExempt } of options.registrations) {
    const { definition, handlers, errors } = service;
    for (const [key, method] of Object.entries(definition.methods)) {
      const path = `/${definition.fullName}/${method.name}`;
      if (routes.has(path)) throw new TypeError(`${definition.fullName} is bound twice`);
      const served: ServedMethod = {
        definition: method,
        handler: handlers[key]!,
        errors,
        codec: createCodec(method, options),
      };
      const isStream = method.requestStream || method.responseStream;
      const kind = isStream ? 'stream' : 'unary';
      const defaultTimeoutMs = isStream ? Infinity : options.defaultTimeoutMs;
      const usualLevel = role === 'application' ? 'info' : 'debug';

      routes.set(path, (raw, http2Stream) => {
        const refusal = isExempt ? undefined : calls.refusal();
        const call = new Call({
          method: path,
          raw,
          http2Stream,
          log,
          defaultTimeoutMs,
          onEnd(ended, error) {
            calls.end(ended);
            logCall(ended, error, { log, usualLevel });
          },
          onClose: (closed) => calls.release(closed),
        });
        if (refusal) return call.fail(refusal);
        calls.add(call, { kind, isExempt });
        void runInCall(call, () => runHandler(call, served)).then(() => calls.release(call));
      });
    }
  }

  return (path) =>
    routes.get(path) ?? ((raw, http2Stream) => refuseUnknown(path, raw, http2Stream));

  function refuseUnknown(path: string, ...[raw, http2Stream]: Parameters<ServeCall>): void {
    new Call({
      method: path,
      raw,
      http2Stream,
      log,
      defaultTimeoutMs: Infinity,
      onEnd: (call, error) => logCall(call, error, { log, usualLevel: 'info' }),
      onClose: () => undefined,
    }).fail(
      new RpcError(
        Code.UNIMPLEMENTED,
        `No method ${path} here; grpc.reflection.v1.ServerReflection lists those that there are`,
      ),
    );
  }
}
