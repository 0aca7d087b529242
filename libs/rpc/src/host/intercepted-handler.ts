import type { Metadata } from '@grpc/grpc-js';
import type { Call } from '../call/call.ts';
import type { RpcError } from '../error/rpc-error.ts';
import type { HostCall, HostInterceptor, ServeRequests } from '../interceptor/host-interceptor.ts';
import type { MethodDefinition, ServiceDefinition } from '../service-definition.ts';
import type { UntypedHandler } from './bind.ts';
import { theOne } from './requests.ts';

/** What serves the requests of a call, through interceptors. */
export type InterceptedHandler = (requests: AsyncIterable<unknown>, call: Call) => unknown;

/** A method, and the interceptors around it. */
export interface InterceptedMethod {
  readonly interceptor: HostInterceptor;
  readonly service: ServiceDefinition;
  readonly method: MethodDefinition;
}

/** Puts interceptors around a handler. */
export function interceptHandler(
  handler: UntypedHandler,
  { interceptor, service, method }: InterceptedMethod,
): InterceptedHandler {
  const serve = interceptor(withRequests(handler, method));
  return (requests, call) => serve(requests, new InterceptedCall(service, method, call));
}

function withRequests(handler: UntypedHandler, method: MethodDefinition): ServeRequests {
  if (method.requestStream) return (requests, { context }) => handler(requests, context);
  if (!method.responseStream) {
    return async (requests, { context }) => handler(await theOne(requests, method.name), context);
  }
  return async function* (requests, { context }) {
    yield* handler(await theOne(requests, method.name), context) as AsyncIterable<unknown>;
  };
}

/** A call that is served, as interceptors see it. */
export class InterceptedCall implements HostCall {
  readonly service: ServiceDefinition;
  readonly method: MethodDefinition;
  readonly context: Call;

  constructor(service: ServiceDefinition, method: MethodDefinition, context: Call) {
    this.service = service;
    this.method = method;
    this.context = context;
  }

  get path(): string {
    return this.context.method;
  }
  get peer(): string {
    return this.context.peer;
  }
  get deadline(): number {
    return this.context.deadline;
  }
  get metadata(): Metadata {
    return this.context.metadata;
  }
  get startedAtMs(): number {
    return this.context.startedAtMs;
  }
  onEnd(listener: (error: RpcError | undefined) => void): void {
    this.context.onEnd(() => listener(this.context.error));
  }
}
