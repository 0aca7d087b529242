import type { Any } from '@trivium/contracts/google/protobuf/any';
import type { Status } from '@trivium/contracts/google/rpc/status';
import type { Metadata, ServiceError } from '@grpc/grpc-js';
import { Code, codeName, codeOf } from './code.ts';
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

/**
 * The one error of every call, on both sides: a status code, a message for developers, and typed
 * details (AIP-193). Throws a RangeError for a code that is none, and for OK.
 */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: Code;
  readonly details: readonly Any[];

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
      const code = caught.code === Code.OK ? Code.UNKNOWN : codeOf(caught.code);
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

/** By shape and not by class: an error of grpc-js is a plain Error with a status assigned to it. */
function isServiceError(caught: unknown): caught is ServiceError {
  const { code, details, metadata } = (caught ?? {}) as Partial<ServiceError>;
  return typeof code === 'number' && typeof details === 'string' && typeof metadata === 'object';
}
