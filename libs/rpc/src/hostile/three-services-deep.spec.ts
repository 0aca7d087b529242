import { Code } from '../error/code.ts';
import type { RpcError } from '../error/rpc-error.ts';
import { closeAll, startEcho, type Echo } from '../spec/echo.ts';
import { messageFrame, openSession, openStream } from './raw-request.ts';

afterEach(closeAll);

/** By when the handlers of a call that nobody waits for have to be at their end. */
const LIMIT_MS = 100;

/** The machine may have been busy with something else in one round, but hardly in all of them. */
const ROUNDS = 5;

/** A handler that runs. */
interface Running {
  readonly signal: AbortSignal;
  /** When it came to its end, in epoch milliseconds. */
  readonly endedAtMs: Promise<number>;
}

/** Does nothing until nobody waits for it any longer. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as RpcError));
  });
}

/** Three hosts, each of which calls the next; the last one waits for its signal. */
async function startChain() {
  let arrivals = [
    Promise.withResolvers<Running>(),
    Promise.withResolvers<Running>(),
    Promise.withResolvers<Running>(),
  ];
  const serve = (depth: 0 | 1 | 2, next?: Echo): Promise<Echo> =>
    startEcho({
      say(request, { signal }) {
        const work = next ? next.client.say(request) : untilAborted(signal);
        const endedAtMs = work.then(Date.now, Date.now);
        arrivals[depth]!.resolve({ signal, endedAtMs });
        return work;
      },
    });
  const c = await serve(2);
  const b = await serve(1, c);
  const { client, channel } = await serve(0, b);
  return {
    client,
    address: channel.address,
    /** The three handlers of the next call. */
    nextCall(): Promise<Running[]> {
      arrivals = [
        Promise.withResolvers<Running>(),
        Promise.withResolvers<Running>(),
        Promise.withResolvers<Running>(),
      ];
      return Promise.all(arrivals.map(({ promise }) => promise));
    },
  };
}

/** How long after the end of their call the last of its handlers came to its own. */
async function lastEndAfter(callEndedAtMs: number, running: readonly Running[]): Promise<number> {
  const endedAtMs = await Promise.all(running.map((each) => each.endedAtMs));
  expect(running.map(({ signal }) => signal.aborted)).toEqual([true, true, true]);
  return Math.max(...endedAtMs) - callEndedAtMs;
}

it('leaves no handler running when the caller cancels, three services deep', async () => {
  const { client, nextCall } = await startChain();
  const delaysMs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const controller = new AbortController();
    const arrived = nextCall();
    const call = client.say({}, { signal: controller.signal });
    const refused = expect(call).rejects.toMatchObject({ code: Code.CANCELLED });
    const running = await arrived;
    const endedAtMs = Date.now();
    controller.abort();
    delaysMs.push(await lastEndAfter(endedAtMs, running));
    await refused;
  }
  expect(Math.min(...delaysMs)).toBeLessThan(LIMIT_MS);
});

it('leaves no handler running when the deadline passes, three services deep', async () => {
  const { client, nextCall } = await startChain();
  const delaysMs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const arrived = nextCall();
    const deadline = Date.now() + 250;
    const call = client.say({}, { timeoutMs: 250 });
    const refused = expect(call).rejects.toMatchObject({ code: Code.DEADLINE_EXCEEDED });
    delaysMs.push(await lastEndAfter(deadline, await arrived));
    await refused;
  }
  expect(Math.min(...delaysMs)).toBeLessThan(LIMIT_MS);
});

it('leaves no handler running when the connection of the caller breaks, three services deep', async () => {
  const { address, nextCall } = await startChain();
  const delaysMs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const arrived = nextCall();
    const session = openSession(address);
    openStream(session).end(messageFrame(Buffer.alloc(0)));
    const running = await arrived;
    const endedAtMs = Date.now();
    session.destroy();
    delaysMs.push(await lastEndAfter(endedAtMs, running));
  }
  expect(Math.min(...delaysMs)).toBeLessThan(LIMIT_MS);
});
