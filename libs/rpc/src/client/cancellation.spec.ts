import { getEventListeners } from 'node:events';
import { firstValueFrom, lastValueFrom, NEVER, tap, timer } from 'rxjs';
import { currentCall, detached } from '../call/call-context.ts';
import { Code } from '../error/code.ts';
import { RpcError } from '../error/rpc-error.ts';
import { closeAll, startEcho } from '../spec/echo.ts';

afterEach(closeAll);

/** Handlers that never answer, and what they see of it: the call's start and its end. */
function endless() {
  const started = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const wait = (signal: AbortSignal) => {
    started.resolve();
    signal.addEventListener('abort', () => ended.resolve());
    return new Promise<never>(() => {});
  };
  return {
    started: started.promise,
    ended: ended.promise,
    handlers: {
      say: (_request: unknown, { signal }: { signal: AbortSignal }) => wait(signal),
      async *repeat(_request: unknown, { signal }: { signal: AbortSignal }) {
        yield { typeUrl: 'first' };
        await wait(signal);
      },
      collect: (_requests: unknown, { signal }: { signal: AbortSignal }) => wait(signal),
    },
  };
}

it('ends a call when its signal aborts, on both sides', async () => {
  const { handlers, started, ended } = endless();
  const { client } = await startEcho(handlers);
  const controller = new AbortController();
  const call = client.say({}, { signal: controller.signal });
  await started;
  const reason = new Error('the user left');
  controller.abort(reason);
  await expect(call).rejects.toMatchObject({
    code: Code.CANCELLED,
    message: 'Cancelled',
    cause: reason,
  });
  await ended;
});

it('takes a signal that has timed out for a deadline', async () => {
  const { client } = await startEcho(endless().handlers);
  await expect(client.say({}, { signal: AbortSignal.timeout(20) })).rejects.toMatchObject({
    code: Code.DEADLINE_EXCEEDED,
  });
});

it('lets no call begin when the signal has aborted already', async () => {
  let calls = 0;
  const { client } = await startEcho({ say: async (request) => ((calls += 1), request) });
  const signal = AbortSignal.abort();
  await expect(client.say({}, { signal })).rejects.toMatchObject({ code: Code.CANCELLED });
  await expect(lastValueFrom(client.repeat({}, { signal }))).rejects.toMatchObject({
    code: Code.CANCELLED,
  });
  await client.say({});
  expect(calls).toBe(1);
});

it('leaves nothing behind on a signal that outlives its calls', async () => {
  const { client } = await startEcho({
    // eslint-disable-next-line require-yield -- it fails before it has anything to say
    async *converse() {
      throw new RpcError(Code.ABORTED, 'Try again');
    },
  });
  const { signal } = new AbortController();
  await client.say({}, { signal });
  await lastValueFrom(client.repeat({ typeUrl: '3' }, { signal }));
  await firstValueFrom(client.repeat({ typeUrl: '3' }, { signal }));
  await lastValueFrom(client.converse(NEVER, { signal })).catch(() => {});
  await client.say({}, { signal, waitForReady: true });
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

it('reaches the server when a stream is unsubscribed, and reports nothing more', async () => {
  const { handlers, ended } = endless();
  const { client } = await startEcho(handlers);
  const told: string[] = [];
  const subscription = client.repeat({}).subscribe({
    next: () => {
      told.push('next');
      subscription.unsubscribe();
    },
    error: () => told.push('error'),
    complete: () => told.push('complete'),
  });
  await ended;
  expect(told).toEqual(['next']);
});

it('reaches the server while requests are still being sent', async () => {
  const { handlers, started, ended } = endless();
  const { client } = await startEcho(handlers);
  const controller = new AbortController();
  const call = client.collect(NEVER, { signal: controller.signal });
  await started;
  controller.abort();
  await expect(call).rejects.toMatchObject({ code: Code.CANCELLED });
  await ended;
});

it('is passed on from the call that is being served', async () => {
  const { handlers, started, ended } = endless();
  const inner = await startEcho(handlers);
  const outer = await startEcho({ say: () => inner.client.say({}) });
  const controller = new AbortController();
  outer.client.say({}, { signal: controller.signal }).catch(() => {});
  await started;
  controller.abort();
  await ended;
});

it('is not passed on to work that is detached', async () => {
  const release = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  const finished = Promise.withResolvers<unknown>();
  const inner = await startEcho({
    say: async (request) => {
      started.resolve();
      await release.promise;
      return request;
    },
  });
  const outer = await startEcho({
    say: (_request, { signal }) => {
      signal.addEventListener('abort', () => release.resolve());
      detached(() => inner.client.say({ typeUrl: 'done' })).then(finished.resolve, finished.reject);
      return new Promise(() => {});
    },
  });
  const controller = new AbortController();
  outer.client.say({}, { signal: controller.signal }).catch(() => {});
  await started.promise;
  controller.abort();
  await expect(finished.promise).resolves.toMatchObject({ typeUrl: 'done' });
});

it('finds the call that a stream was subscribed in, from what the stream sets off', async () => {
  const inner = await startEcho();
  const seen: unknown[] = [];
  const outer = await startEcho({
    say: async (request) => {
      const see = () => seen.push(currentCall()?.method);
      await lastValueFrom(
        inner.client.repeat({ typeUrl: '1' }).pipe(tap({ next: see, complete: see })),
      );
      return request;
    },
  });
  // From another context than the host's, whose connection this opens.
  await firstValueFrom(timer(0));
  await outer.client.say({});
  expect(seen).toEqual(['/spec.v1.Echo/Say', '/spec.v1.Echo/Say']);
});
