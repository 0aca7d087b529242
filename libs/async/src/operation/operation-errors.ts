import {
  badRequest,
  Code,
  errorInfo,
  preconditionFailure,
  resourceInfo,
  RpcError,
} from '@trivium/rpc';

/** The domain of the reasons in this library's `ErrorInfo`s. */
export const domain = 'trivium.async';
const resourceType = 'google.longrunning.Operation';

/** `INVALID_ARGUMENT`: one field of a request is not what it must be. */
export function invalidArgument(field: string, description: string): RpcError {
  return new RpcError(Code.INVALID_ARGUMENT, `${field}: ${description}`, {
    details: [badRequest([{ field, description }])],
  });
}

/** `NOT_FOUND`: there is no operation of this name, or no longer. */
export function operationNotFound(name: string): RpcError {
  const description = `There is no operation ${name}`;
  return new RpcError(Code.NOT_FOUND, description, {
    details: [resourceInfo({ resourceType, resourceName: name, description })],
  });
}

/** `ALREADY_EXISTS`: the request id stands for another request. */
export function requestIdReused(requestId: string, name: string): RpcError {
  const description = `The request id ${requestId} was used for another request`;
  return new RpcError(Code.ALREADY_EXISTS, description, {
    details: [
      errorInfo({ reason: 'REQUEST_ID_REUSED', domain, metadata: { request_id: requestId } }),
      resourceInfo({ resourceType, resourceName: name, description }),
    ],
  });
}

/** `ALREADY_EXISTS`: the suggested id belongs to the operation of another request id. */
export function operationIdTaken(name: string): RpcError {
  const description = `There is another operation ${name}`;
  return new RpcError(Code.ALREADY_EXISTS, description, {
    details: [
      errorInfo({ reason: 'OPERATION_ID_TAKEN', domain }),
      resourceInfo({ resourceType, resourceName: name, description }),
    ],
  });
}

/** `FAILED_PRECONDITION`: what was asked for can be done only to an operation that has ended. */
export function operationUnfinished(name: string): RpcError {
  const description = 'Only an operation that has ended can be deleted; cancel it, or wait for it';
  return new RpcError(Code.FAILED_PRECONDITION, `${name} has not ended`, {
    details: [preconditionFailure([{ type: 'OPERATION_UNFINISHED', subject: name, description }])],
  });
}

/** `CANCELLED`: why the signal of an operation aborts that somebody cancelled. */
export function operationCancelled(): RpcError {
  return new RpcError(Code.CANCELLED, 'The operation was cancelled');
}

/** `UNAVAILABLE`, with the reason `DRAINING`: the engine stops; the same request may come again. */
export function engineClosed(): RpcError {
  return new RpcError(Code.UNAVAILABLE, 'The server is shutting down', {
    details: [errorInfo({ reason: 'DRAINING', domain })],
  });
}

/** `DEADLINE_EXCEEDED`: why the signal of an operation aborts whose own deadline has passed. */
export function operationExpired(deadline: Date): RpcError {
  const message = `The operation's deadline passed at ${deadline.toISOString()}`;
  return new RpcError(Code.DEADLINE_EXCEEDED, message, {
    details: [errorInfo({ reason: 'OPERATION_DEADLINE', domain })],
  });
}

/** `UNAVAILABLE`, with the reason `STORE_UNAVAILABLE`: nothing can be read or written now. */
export function storeUnavailable(cause: unknown): RpcError {
  return new RpcError(Code.UNAVAILABLE, 'The store of operations cannot be used now', {
    details: [errorInfo({ reason: 'STORE_UNAVAILABLE', domain })],
    cause,
  });
}

/** `DATA_LOSS`: what is kept is not what was written, and is not shown. */
export function storeDamaged(cause: unknown): RpcError {
  return new RpcError(Code.DATA_LOSS, 'The store of operations is damaged', {
    details: [errorInfo({ reason: 'STORE_DAMAGED', domain })],
    cause,
  });
}

/**
 * `OUT_OF_RANGE`: the sequence to go on after is one that the operation never had. It came from
 * another log: the operation was deleted and accepted anew, or the store was restored.
 */
export function cursorBeyondEnd(name: string, after: number, lastSequence: number): RpcError {
  const message = `${name} has events up to ${lastSequence}, and none ${after} to go on after`;
  const metadata = { after: String(after), last_sequence: String(lastSequence) };
  return new RpcError(Code.OUT_OF_RANGE, message, {
    details: [errorInfo({ reason: 'CURSOR_BEYOND_END', domain, metadata })],
  });
}

/**
 * `UNKNOWN`, with the reason `OUTCOME_UNKNOWN`: a call was under way when its process ended, and it
 * may not be made again. Not `ABORTED`, which invites the caller to repeat it.
 */
export function outcomeUnknown(call: {
  step: string;
  method: string;
  attempt: number;
  startTimeMs: number;
}): RpcError {
  const startTime = new Date(call.startTimeMs).toISOString();
  const message = `Whether ${call.method} had its effect is unknown: it began at ${startTime}`;
  const metadata = {
    step: call.step,
    method: call.method,
    attempt: String(call.attempt),
    start_time: startTime,
  };
  return new RpcError(Code.UNKNOWN, message, {
    details: [errorInfo({ reason: 'OUTCOME_UNKNOWN', domain, metadata })],
  });
}
