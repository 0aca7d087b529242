import {
  badRequest,
  Code,
  errorInfo,
  preconditionFailure,
  resourceInfo,
  RpcError,
} from '@trivium/rpc';

const domain = 'trivium.async';
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
