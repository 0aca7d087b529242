import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { runInCall } from '../call/call-context.ts';
import { logCall } from '../call/call-log.ts';
import { Call } from '../call/call.ts';
import { Deadlines } from '../deadlines.ts';
import { Code } from '../error/code.ts';
import { RpcError } from '../error/rpc-error.ts';
import { composeInterceptors, type HostInterceptor } from '../interceptor/host-interceptor.ts';
import type { Logger } from '../logger.ts';
import type { MethodDefinition } from '../service-definition.ts';
import type { Validator } from '../validation/validator.ts';
import type { BoundService } from './bind.ts';
import type { Calls } from './calls.ts';
import { createCodec } from './codec.ts';
import { createGate, type Gate } from './gate.ts';
import type { ServeCall } from './grpc-server.ts';
import { grpcTimeoutMs } from './grpc-timeout.ts';
import { InterceptedCall, interceptHandler } from './intercepted-handler.ts';
import type { Admission } from './overload/admission.ts';
import { createRefusalLog } from './refusal-log.ts';
import { runHandler, type ServedMethod } from './run-handler.ts';
import { createTellOfRefusal } from './tell-of-refusal.ts';

/** A service as a host serves it. */
export interface Registration {
  readonly service: BoundService;
  /** `infrastructure` is logged at debug, and passes by the interceptors. */
  readonly role: 'application' | 'infrastructure';
  /** Whether its calls are served whatever the load, and during a drain. */
  readonly isExempt: boolean;
}

/** What a router is made from. */
export interface RouterOptions {
  readonly registrations: readonly Registration[];
  readonly calls: Calls;
  readonly admission: Admission;
  readonly interceptors: readonly HostInterceptor[];
  readonly validator: Validator;
  readonly log: Logger;
  readonly defaultTimeoutMs: number;
  readonly maxMessageBytes: number;
}

/** Finds the way of a call from its path to its handler. */
export interface Router {
  /** What serves the calls of a path; one that leads nowhere is answered with `UNIMPLEMENTED`. */
  route(path: string): ServeCall;
  /** Answers a request that there is no room for, and returns whether it has. */
  readonly refuse: Gate;
}

/**
 * Creates the router of a host. A path that leads nowhere is logged like any other call. Throws a
 * TypeError when two services have the same name.
 */
export function createRouter(options: RouterOptions): Router {
  const { log } = options;
  const interceptor = composeInterceptors(options.interceptors);
  const tellOfRefusal = interceptor && createTellOfRefusal(interceptor);
  const refusalLog = createRefusalLog(log);
  const routes = new Map<string, ServeCall>();
  const gates = new Map<string, Gate>();
  const deadlines = new Deadlines();

  for (const registration of options.registrations) {
    const { definition } = registration.service;
    for (const [key, method] of Object.entries(definition.methods)) {
      const path = `/${definition.fullName}/${method.name}`;
      if (routes.has(path)) throw new TypeError(`${definition.fullName} is bound twice`);
      const isLimited = isLimitedMethod(registration, key, method);
      routes.set(path, createRoute({ path, registration, key, method, isLimited }));
      if (!isLimited) continue;
      const gate = { ...options, service: definition, method, path, refusalLog, tellOfRefusal };
      gates.set(path, createGate(gate));
    }
  }

  return {
    route: (path) =>
      routes.get(path) ?? ((stream, headers) => refuseUnknown(path, stream, headers)),
    refuse: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) =>
      gates.get(headers[':path'] ?? '')?.(stream, headers) ?? false,
  };

  function createRoute(place: {
    readonly path: string;
    readonly registration: Registration;
    readonly key: string;
    readonly method: MethodDefinition;
    readonly isLimited: boolean;
  }): ServeCall {
    const { path, registration, key, method, isLimited } = place;
    const { service, role, isExempt } = registration;
    const { calls, admission } = options;
    const isStream = method.requestStream || method.responseStream;
    const isCritical = isExempt || service.critical.has(key);
    const kind = isStream ? 'stream' : 'unary';
    const defaultTimeoutMs = isStream ? Infinity : options.defaultTimeoutMs;
    const usualLevel = role === 'application' ? 'info' : 'debug';
    const handler = service.handlers[key]!;
    const intercepted = role === 'application' && interceptor;
    const served: ServedMethod = {
      definition: method,
      handler,
      errors: service.errors,
      codec: createCodec(method, options),
      intercepted: intercepted
        ? interceptHandler(handler, {
            interceptor: intercepted,
            service: service.definition,
            method,
          })
        : undefined,
    };

    return (http2Stream, headers) => {
      const timeoutMs = grpcTimeoutMs(headers) ?? defaultTimeoutMs;
      const refusal = badTimeout(headers, timeoutMs) ?? hostRefusal();
      const call = new Call({
        method: path,
        http2Stream,
        headers,
        log,
        timeoutMs: timeoutMs || 0,
        deadlines,
        onEnd(ended, error) {
          calls.end(ended);
          logCall(ended, error, { log, usualLevel });
        },
        onClose: (closed) => calls.release(closed),
      });
      if (refusal) call.fail(refusal);
      // Its timer would fire after the handler has begun, or has ended.
      if (refusal || call.failIfLate()) return tell(call);
      calls.add(call, { kind, isExempt: isCritical });
      if (!isLimited) {
        void runInCall(call, () => runHandler(call, served)).then(() => calls.release(call));
        return;
      }
      const admitted = admission.admit(path);
      const obstacle = () => {
        call.failIfLate();
        return call.hasEnded ? call.endReason : admitted.lateness()?.error;
      };
      void runInCall(call, () => runHandler(call, served, obstacle)).then(() => {
        calls.release(call);
        admitted.settle({ isGood: call.hasEnded && !call.error });
      });
    };

    function hostRefusal(): RpcError | undefined {
      if (isExempt) return undefined;
      return calls.drainRefusal() ?? (isCritical ? undefined : calls.fullRefusal()?.error);
    }

    function tell(call: Call): void {
      if (!tellOfRefusal || role !== 'application') return;
      tellOfRefusal(new InterceptedCall(service.definition, method, call), call.endReason);
    }
  }

  function refuseUnknown(path: string, ...[http2Stream, headers]: Parameters<ServeCall>): void {
    new Call({
      method: path,
      http2Stream,
      headers,
      log,
      timeoutMs: Infinity,
      deadlines,
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

function badTimeout(headers: IncomingHttpHeaders, timeoutMs: number): RpcError | undefined {
  if (!Number.isNaN(timeoutMs)) return undefined;
  const message = `Invalid grpc-timeout: ${String(headers['grpc-timeout'])}`;
  return new RpcError(Code.INTERNAL, message);
}

/** Streams live as long as their callers like, so they tell nothing of the load. */
function isLimitedMethod(
  { service, role, isExempt }: Registration,
  key: string,
  { requestStream, responseStream }: MethodDefinition,
): boolean {
  const isUnary = !requestStream && !responseStream;
  return isUnary && role === 'application' && !isExempt && !service.critical.has(key);
}
