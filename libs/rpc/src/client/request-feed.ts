import type { Observable } from 'rxjs';
import { Subject, takeUntil } from 'rxjs';
import { Code } from '../error/code.ts';
import { RpcError } from '../error/rpc-error.ts';
import type { RequestSink } from './outgoing-call.ts';

/** How much of an Observable's requests may wait for the server to read them. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/**
 * Sends what an Observable emits, one message after the other, each when there is room for it. An
 * Observable cannot be told to wait: what it emits meanwhile is kept, up to 4 MiB; beyond that the
 * call ends with `RESOURCE_EXHAUSTED`. Returns what unsubscribes.
 */
export function feedObservable(requests: Observable<Buffer>, sink: RequestSink): () => void {
  const stopped = new Subject<void>();
  // A set and not an array: its first element leaves at no cost.
  const waiting = new Set<Buffer>();
  let waitingBytes = 0;
  let isSending = false;
  let isComplete = false;

  function sendNext(): void {
    const [bytes] = waiting;
    isSending = bytes !== undefined;
    if (bytes) {
      waiting.delete(bytes);
      waitingBytes -= bytes.length;
      sink.send(bytes, sendNext);
    } else if (isComplete) {
      sink.finish();
    }
  }

  // Not by the subscription: a source that emits at once does so before there is one.
  requests.pipe(takeUntil(stopped)).subscribe({
    next(bytes) {
      waiting.add(bytes);
      waitingBytes += bytes.length;
      if (!isSending) sendNext();
      else if (waitingBytes > MAX_WAITING_BYTES) {
        stopped.next();
        const message = 'The requests come faster than the server reads them';
        sink.fail(new RpcError(Code.RESOURCE_EXHAUSTED, message));
      }
    },
    error: (error) => sink.fail(requestError(error)),
    complete() {
      isComplete = true;
      if (!isSending) sink.finish();
    },
  });
  return () => stopped.next();
}

/**
 * Sends what an AsyncIterable yields, and asks for the next message when there is room for it.
 * Returns what stops asking.
 */
export function feedIterable(requests: AsyncIterable<Buffer>, sink: RequestSink): () => void {
  let isStopped = false;
  let goOn = () => {};

  async function feed(): Promise<void> {
    for await (const bytes of requests) {
      if (isStopped) return;
      await new Promise<void>((resolve) => {
        goOn = resolve;
        sink.send(bytes, resolve);
      });
      if (isStopped) return;
    }
    sink.finish();
  }

  feed().catch((error: unknown) => sink.fail(requestError(error)));
  return () => {
    isStopped = true;
    goOn();
  };
}

/** A call whose requests cannot be had is cancelled; why, is the caller's own business. */
function requestError(cause: unknown): RpcError {
  if (cause instanceof RpcError) return cause;
  return new RpcError(Code.CANCELLED, 'The requests of the call failed', { cause });
}
