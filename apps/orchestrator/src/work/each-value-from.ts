import { Code, RpcError } from '@trivium/rpc';
import { type Observable, Subject, takeUntil } from 'rxjs';

/**
 * The values of an Observable, one after the other; leaving the loop unsubscribes. They wait while one is worked on; when
 * more than `maxWaiting` wait (10,000 by default) it fails with `RESOURCE_EXHAUSTED`.
 */
export async function* eachValueFrom<T>(
  source: Observable<T>,
  { maxWaiting = 10_000 }: { readonly maxWaiting?: number } = {},
): AsyncGenerator<T, void, undefined> {
  const waiting: T[] = [];
  const stop = new Subject<void>();
  let hasEnded = false;
  let failure: { readonly error: unknown } | undefined;
  let wake = Promise.withResolvers<void>();
  source.pipe(takeUntil(stop)).subscribe({
    next(value) {
      if (waiting.push(value) > maxWaiting) {
        const message = `More than ${maxWaiting} messages wait to be taken`;
        failure = { error: new RpcError(Code.RESOURCE_EXHAUSTED, message) };
        waiting.length = 0;
        stop.next();
      }
      wake.resolve();
    },
    error(error: unknown) {
      failure = { error };
      wake.resolve();
    },
    complete() {
      hasEnded = true;
      wake.resolve();
    },
  });
  try {
    for (;;) {
      while (waiting.length > 0) yield waiting.shift() as T;
      if (failure) throw failure.error;
      if (hasEnded) return;
      await wake.promise;
      wake = Promise.withResolvers();
    }
  } finally {
    stop.next();
  }
}
