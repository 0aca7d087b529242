import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  concat,
  defer,
  finalize,
  from,
  lastValueFrom,
  mergeMap,
  NEVER,
  Observable,
  throwError,
} from 'rxjs';
import { Code } from '../error/code.ts';
import { RpcError } from '../error/rpc-error.ts';
import { closeAll, startEcho } from '../spec/echo.ts';

const CHUNK = { value: Buffer.alloc(64 * 1024) };
const MEBIBYTE_CHUNKS = 16;

afterEach(closeAll);

it('asks an AsyncIterable for no more than the server has room for', async () => {
  let produced = 0;
  let consumed = 0;
  let furthestAhead = 0;
  async function* chunks() {
    for (; produced < 32 * MEBIBYTE_CHUNKS; produced += 1) {
      furthestAhead = Math.max(furthestAhead, produced - consumed);
      yield CHUNK;
    }
  }
  const { client } = await startEcho({
    async collect(requests) {
      for await (const { value } of requests) {
        consumed += value.length / CHUNK.value.length;
        await nextTurn();
      }
      return {};
    },
  });
  await client.collect(chunks());
  expect(consumed).toBe(32 * MEBIBYTE_CHUNKS);
  expect(furthestAhead).toBeLessThan(4 * MEBIBYTE_CHUNKS);
});

it('keeps what an Observable emits too early, in order', async () => {
  const { client } = await startEcho();
  const chunks = Array.from({ length: 3000 }, (_, index) => ({ typeUrl: `${index}` }));
  const received: string[] = [];
  await client.converse(from(chunks)).forEach(({ typeUrl }) => received.push(typeUrl));
  expect(received).toEqual(chunks.map(({ typeUrl }) => typeUrl));
});

it('ends with RESOURCE_EXHAUSTED when an Observable emits far more than is read', async () => {
  const release = Promise.withResolvers<void>();
  const { client } = await startEcho({
    collect: async () => {
      await release.promise;
      return {};
    },
  });
  let emitted = 0;
  const endless = new Observable<typeof CHUNK>((subscriber) => {
    for (; !subscriber.closed; emitted += 1) subscriber.next(CHUNK);
  });
  await expect(client.collect(endless)).rejects.toMatchObject({
    code: Code.RESOURCE_EXHAUSTED,
    message: 'The requests come faster than the server reads them',
  });
  expect(emitted).toBeLessThan(5 * MEBIBYTE_CHUNKS);
  release.resolve();
});

it('cancels the call when its source fails, and keeps why', async () => {
  const cause = new Error('disk full');
  const failure = { code: Code.CANCELLED, message: 'The requests of the call failed', cause };
  const started = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const { client } = await startEcho({
    collect: (_requests, { signal }) => {
      started.resolve();
      signal.addEventListener('abort', () => ended.resolve());
      return new Promise(() => {});
    },
  });
  const failing = from(started.promise).pipe(mergeMap(() => throwError(() => cause)));
  await expect(client.collect(concat([CHUNK], failing))).rejects.toMatchObject(failure);
  await ended.promise;

  async function* failingToo() {
    yield CHUNK;
    throw cause;
  }
  await expect(client.collect(failingToo())).rejects.toMatchObject(failure);
});

it('fails with the status that its source fails with', async () => {
  const { client } = await startEcho();
  const error = new RpcError(Code.DATA_LOSS, 'Checksum mismatch');
  await expect(client.collect(throwError(() => error))).rejects.toBe(error);
});

it('lets go of its source when the server answers early', async () => {
  const { client } = await startEcho({ collect: async () => ({ typeUrl: 'enough' }) });
  const unsubscribed = Promise.withResolvers<void>();
  const source = NEVER.pipe(finalize(() => unsubscribed.resolve()));
  await expect(client.collect(source)).resolves.toMatchObject({ typeUrl: 'enough' });
  await unsubscribed.promise;

  const returned = Promise.withResolvers<void>();
  async function* endless() {
    try {
      for (;;) yield CHUNK;
    } finally {
      returned.resolve();
    }
  }
  await client.collect(endless());
  await returned.promise;
});

it('is not subscribed before the call is', () => {
  const subscribed: string[] = [];
  return startEcho().then(async ({ client }) => {
    const source = defer(() => (subscribed.push('source'), from([{ typeUrl: 'one' }])));
    const answers = client.converse(source);
    expect(subscribed).toEqual([]);
    await lastValueFrom(answers);
    expect(subscribed).toEqual(['source']);
  });
});
