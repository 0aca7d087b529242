import type { DescMethod, JsonValue, Message, Registry } from '@bufbuild/protobuf';

/** What a method declares about being called again: its `idempotency_level`; nothing is `unspecified`. */
export type Repetition = 'noSideEffects' | 'idempotent' | 'unspecified';

/** A method of a registered backend, as reflection tells it. */
export interface RegisteredMethod {
  /** `package.Service/Method`. */
  readonly name: string;
  /** The name of the backend that serves it. */
  readonly backend: string;
  readonly repetition: Repetition;
  /** The contract: `input`, `output`, `methodKind` and comments are on it. */
  readonly descriptor: DescMethod;
  /** The types of its backend, for `google.protobuf.Any` in JSON. */
  readonly types: Registry;
}

/** The methods that can be named. */
export interface Methods {
  /** The method of this name (`package.Service/Method`), if it is registered. */
  find(name: string): RegisteredMethod | undefined;
  /** All of them, by name. */
  list(): readonly RegisteredMethod[];
}

/** How a method is called by name. */
export interface CallByNameOptions {
  /** Cancels the call. */
  readonly signal: AbortSignal;
  /** How long the call may take in all, retries and hedges included; none: the signal alone ends it. */
  readonly timeoutMs?: number;
  /** Attempts in all; more than 1 only for methods that are declared safe to repeat. Default: 1. */
  readonly maxAttempts?: number;
  /** A second attempt after this delay, or after the observed 95th percentile. Default: none. */
  readonly hedge?: { readonly delayMs: number | 'p95' };
  /** Sent as request metadata. */
  readonly metadata?: Readonly<Record<string, string>>;
  /**
   * What the call is within its run (`products`, `rates[3]`, `undo:reserve`): the same each time the run goes on. For
   * what records calls; the call itself does not look at it.
   */
  readonly key?: string;
}

/** What a call by name came to. */
export interface NamedReply {
  /** The reply, a message of the method's `output`. */
  readonly message: Message;
  /** The reply as canonical protobuf JSON; made when it is first asked for. */
  readonly response: JsonValue;
  /** The calls that were made, hedges and retries included. */
  readonly attempts: number;
}

/** Calls unary methods by their names, in JSON. Rejects with an `RpcError`. */
export interface CallByName {
  call(method: string, request: JsonValue, options: CallByNameOptions): Promise<NamedReply>;
}
