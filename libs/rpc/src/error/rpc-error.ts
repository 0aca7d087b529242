import type { Any } from '@trivium/contracts/google/protobuf/any';
import type { Status } from '@trivium/contracts/google/rpc/status';
import type { Metadata, ServiceError } from '@grpc/grpc-js';
import { Code, codeName, codeOf } from './code.ts';
import { isLostConnection } from './lost-connection.ts';
import { detailsOf } from './status-metadata.ts';

/** What leaves a process when an error's cause is nobody's business outside of it. */
const GENERIC_MESSAGE = 'Internal error';

/** What an `RpcError` may carry beside its code and message. */
export interface RpcErrorOptions {
  /** Typed details of google.rpc, packed: see `badRequest`, `errorInfo` and the like. */
  readonly details?: readonly Any[];
  /** What it came from. It is logged where the error is handled, and never sent. */
  readonly cause?: unknown;
}

/** What is known of the failed call itself. It is for those who made the call, and never sent. */
export interface FailedCall {
  /** The full path, for example `/shop.catalog.v1.Catalog/GetProduct`. */
  readonly method?: string;
  /** The address of the channel, `host:port`. */
  readonly target?: string;
  /** How often the call was made, the first time included. */
  readonly attempts?: number;
  /** How long it took in all, in milliseconds. */
  readonly elapsedMs?: number;
}

/**
 * The one error of every call, on both sides: a status code, a message for developers, and typed
 * details (AIP-193). One that a client's call ended with also says which call that was; as own
 * properties, so that a log shows them. Throws a RangeError for a code that is none, and for OK.
 */
export class RpcError extends Error implements FailedCall {
  override readonly name = 'RpcError';
  readonly code: Code;
  readonly details: readonly Any[];
  declare readonly method?: string;
  declare readonly target?: string;
  declare readonly attempts?: number;
  declare readonly elapsedMs?: number;

  constructor(code: Code, message: string, { details = [], cause }: RpcErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    if (codeOf(code) !== code || code === Code.OK) {
      throw new RangeError(`Not the code of an error: ${codeName(code)}`);
    }
    this.code = code;
    this.details = details;
  }

  /**
   * The `RpcError` that a caught value stands for: itself; the status of a failed gRPC call, with
   * its details; `CANCELLED` or `DEADLINE_EXCEEDED` for an aborted wait; and for anything else
   * `INTERNAL` with a generic message. What was caught is kept as the cause.
   */
  static from(caught: unknown): RpcError {
    if (caught instanceof RpcError) return caught;
    if (isServiceError(caught)) {
      const code = codeOfFailure(caught);
      const details = detailsOf(caught.code, caught.metadata);
      return new RpcError(code, caught.details || codeName(code), { details, cause: caught });
    }
    const { name } = (caught ?? {}) as { name?: unknown };
    if (name === 'AbortError') return new RpcError(Code.CANCELLED, 'Cancelled', { cause: caught });
    if (name === 'TimeoutError') {
      return new RpcError(Code.DEADLINE_EXCEEDED, 'Deadline exceeded', { cause: caught });
    }
    return new RpcError(Code.INTERNAL, GENERIC_MESSAGE, { cause: caught });
  }

  /**
   * Notes what is known of the failed call, in the place of what was noted before, and returns the
   * error itself: a layer that repeats calls says how many there were, and how long they took.
   */
  with(call: FailedCall): this {
    return Object.assign(this, call);
  }

  /** One line: the code, the message, and what is known of the call. */
  override toString(): string {
    const { method, target, attempts, elapsedMs } = this;
    const known = [
      method !== undefined && target !== undefined ? `${method} at ${target}` : (method ?? target),
      attempts !== undefined && `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`,
      elapsedMs !== undefined && `${Math.round(elapsedMs)} ms`,
    ].filter(Boolean);
    const call = known.length > 0 ? ` (${known.join(', ')})` : '';
    return `${this.name}: ${codeName(this.code)}: ${this.message}${call}`;
  }

  /** The error as the message that travels: `google.rpc.Status`. */
  toStatus(): Status {
    return { code: this.code, message: this.message, details: [...this.details] };
  }
}

/**
 * The trailing metadata of the gRPC call whose failure the error is, for example to read
 * `grpc-retry-pushback-ms`; undefined for an error that came from no call.
 */
export function trailersOf({ cause }: RpcError): Metadata | undefined {
  return isServiceError(cause) ? cause.metadata : undefined;
}

function codeOfFailure({ code, details }: ServiceError): Code {
  if (code === Code.INTERNAL && isLostConnection(details)) return Code.UNAVAILABLE;
  return code === Code.OK ? Code.UNKNOWN : codeOf(code);
}

/** By shape and not by class: an error of grpc-js is a plain Error with a status assigned to it. */
function isServiceError(caught: unknown): caught is ServiceError {
  const { code, details, metadata } = (caught ?? {}) as Partial<ServiceError>;
  return typeof code === 'number' && typeof details === 'string' && typeof metadata === 'object';
}
