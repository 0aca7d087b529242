import { createServer } from 'node:http2';
import type { ServerHttp2Stream } from 'node:http2';
import { Code } from '../error/code.ts';
import { closeAll, closeLater, openEcho } from '../spec/echo.ts';
import { listenLocally, respondWith } from '../spec/http2-peer.ts';

afterEach(closeAll);

const LIMIT = 2;

/** A peer that takes two calls at a time, and answers when it is told to. */
async function startBusyPeer() {
  const open = new Set<ServerHttp2Stream>();
  const arrived: string[] = [];
  let mostOpen = 0;
  let onArrival = () => {};
  const server = createServer({ settings: { maxConcurrentStreams: LIMIT } });
  server.on('session', (session) => closeLater(() => session.destroy()));
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {});
    stream.on('close', () => open.delete(stream));
    open.add(stream);
    arrived.push(String(headers['x-number']));
    mostOpen = Math.max(mostOpen, open.size);
    onArrival();
  });
  const { client } = openEcho(await listenLocally(server), { connections: 1 });
  return {
    arrived,
    mostOpen: () => mostOpen,
    call: (number: number, signal?: AbortSignal) =>
      client.say({}, { metadata: { 'x-number': String(number) }, ...(signal && { signal }) }),
    async until(count: number) {
      while (arrived.length < count) await new Promise<void>((resolve) => (onArrival = resolve));
    },
    answerAll() {
      for (const stream of open) {
        open.delete(stream);
        respondWith(stream, Buffer.alloc(0));
      }
    },
  };
}

it('has calls wait for their turn where a peer takes only some at a time', async () => {
  const { call, until, answerAll, mostOpen, arrived } = await startBusyPeer();
  const calls = Array.from({ length: 11 }, (_, number) => call(number));
  for (let count = LIMIT; arrived.length < calls.length; count += LIMIT) {
    await until(Math.min(count, calls.length));
    answerAll();
  }
  await Promise.all(calls);
  expect(mostOpen()).toBe(LIMIT);
  expect(arrived).toEqual(calls.map((_, number) => String(number)));
});

it('does not send a call that was cancelled before its turn came', async () => {
  const { call, until, answerAll, arrived } = await startBusyPeer();
  const served = [call(0), call(1)];
  await until(LIMIT);
  const controller = new AbortController();
  const cancelled = call(2, controller.signal);
  const patient = call(3);
  controller.abort();
  await expect(cancelled).rejects.toMatchObject({ code: Code.CANCELLED });
  answerAll();
  await until(3);
  answerAll();
  await Promise.all([...served, patient]);
  expect(arrived).toEqual(['0', '1', '3']);
});
