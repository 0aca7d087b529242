import { currentCall } from '@trivium/rpc';
import { encodeAny } from '../operation/from-stored.ts';
import { newOperationId } from '../operation/new-operation-id.ts';
import { invalidArgument } from '../operation/operation-errors.ts';
import { LifecycleKind } from '../operation/operation-event.ts';
import { isOperationId } from '../operation/operation-record.ts';
import type { NewOperation } from '../store/stored.ts';
import type { StartOptions } from './operations.ts';

const maxRequestIdLength = 200;
const traceparentPattern = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
const event = { kind: LifecycleKind.ACCEPTED, description: 'Accepted' };

/** What is to be accepted at a caller's request; `INVALID_ARGUMENT` for what makes no sense. */
export function newOperation(options: StartOptions, nowMs: number): NewOperation {
  const { kind, requestId, request, metadata, id, timeoutMs = Infinity } = options;
  if (requestId === '' || requestId.length > maxRequestIdLength) {
    throw invalidArgument('request_id', `must have 1 to ${maxRequestIdLength} characters`);
  }
  if (id !== undefined && !isOperationId(id)) {
    throw invalidArgument('id', 'must be letters, digits and . _ ~ -, at most 128 of them');
  }
  if (!(timeoutMs > 0)) throw invalidArgument('timeout', 'must be positive');
  const traceparent = options.traceparent ?? currentTraceparent();
  const deadlineMs = Math.ceil(nowMs + timeoutMs);
  return {
    id: id ?? newOperationId(nowMs),
    kind,
    requestId,
    request,
    metadata: metadata && encodeAny(metadata),
    // What is beyond all calendars is no deadline.
    deadlineMs: deadlineMs <= 8.64e15 ? deadlineMs : undefined,
    traceparent,
    event,
  };
}

/** That of the call that is being served, if it was traced. */
function currentTraceparent(): string | undefined {
  const value = currentCall()?.traceparent;
  return value !== undefined && traceparentPattern.test(value) ? value : undefined;
}
