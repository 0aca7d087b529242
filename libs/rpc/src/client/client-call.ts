import type { Metadata } from '@grpc/grpc-js';
import type { RpcError } from '../error/rpc-error.ts';
import type { ClientCall } from '../interceptor/client-interceptor.ts';
import type { MethodDefinition, ServiceDefinition } from '../service-definition.ts';
import type { CallOptions } from './call-options.ts';

/** What an intercepted call is made from. */
export interface ClientCallOptions {
  readonly service: ServiceDefinition;
  readonly method: MethodDefinition;
  readonly path: string;
  readonly target: string;
  readonly deadline: number;
  readonly metadata: Metadata;
  /** What the caller said, for the end of the chain. */
  readonly options: CallOptions;
}

/** An outgoing call that interceptors see. Made only where there are some. */
export class InterceptedCall implements ClientCall {
  readonly service: ServiceDefinition;
  readonly method: MethodDefinition;
  readonly path: string;
  readonly target: string;
  readonly deadline: number;
  readonly metadata: Metadata;
  readonly options: CallOptions;
  responseHeaders: Metadata | undefined;
  responseTrailers: Metadata | undefined;
  hasEnded = false;
  readonly #endListeners: ((error: RpcError | undefined) => void)[] = [];

  constructor(options: ClientCallOptions) {
    this.service = options.service;
    this.method = options.method;
    this.path = options.path;
    this.target = options.target;
    this.deadline = options.deadline;
    this.metadata = options.metadata;
    this.options = options.options;
  }

  onEnd(listener: (error: RpcError | undefined) => void): void {
    this.#endListeners.push(listener);
  }

  /** Says how the call ended; what is said later is not heard. */
  end(error?: RpcError): void {
    this.hasEnded = true;
    for (const listener of this.#endListeners.splice(0)) listener(error);
  }
}
