import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Code, RpcError } from '@trivium/rpc';
import { closeAll, startService, undeclaredRequest } from './spec/service.ts';
import { TokenBucket } from './retry/token-bucket.ts';
import { type Target, createTarget } from './target.ts';

afterEach(closeAll);

const hang = () => new Promise<void>(() => {});

/** A target that has served enough calls to afford some hedges. */
function targetWithHedges(): Target {
  const target = createTarget();
  for (let hedges = 0; hedges < 5; hedges++) target.hedgeBudget.accrue(1);
  return target;
}

it('makes a second attempt when the first is slow, returns its response, and cancels the first if asked', async () => {
  const cancelled = Promise.withResolvers<void>();
  const { client, attempts } = await startService((call, attempt) => {
    if (attempt > 1) return;
    call.signal.addEventListener('abort', () => cancelled.resolve());
    return hang();
  });
  const hedged = client({ target: targetWithHedges(), hedge: { delayMs: 20, losers: 'abort' } });
  await expect(hedged.listMethods({})).resolves.toBeDefined();
  await cancelled.promise;
  expect(attempts).toHaveLength(2);
  expect(attempts[1]!.metadata.get('grpc-previous-rpc-attempts')).toEqual(['1']);
});

it('returns the response of the first attempt when that comes first, and cancels the second if asked', async () => {
  const second = Promise.withResolvers<void>();
  const cancelled = Promise.withResolvers<void>();
  const { client } = await startService((call, attempt) => {
    if (attempt === 1) return second.promise;
    call.signal.addEventListener('abort', () => cancelled.resolve());
    second.resolve();
    return hang();
  });
  const hedged = client({ target: targetWithHedges(), hedge: { delayMs: 20, losers: 'abort' } });
  await expect(hedged.listMethods({})).resolves.toBeDefined();
  await cancelled.promise;
});

it('lets the slower attempt finish unheard', async () => {
  const release = Promise.withResolvers<void>();
  const finished = Promise.withResolvers<boolean>();
  const { client } = await startService(async (call, attempt) => {
    if (attempt > 1) return;
    await release.promise;
    finished.resolve(call.signal.aborted);
  });
  const hedged = client({ target: targetWithHedges(), hedge: { delayMs: 20 } });
  await hedged.listMethods({});
  release.resolve();
  expect(await finished.promise).toBe(false);
});

it('makes one attempt of a method that declares nothing, and of any when hedging is off', async () => {
  const release = Promise.withResolvers<void>();
  const hedgeCame = Promise.withResolvers<void>();
  const { client, attempts } = await startService(() => {
    // Two attempts of the call that is hedged, and one of each other.
    if (attempts.length === 4) hedgeCame.resolve();
    return release.promise;
  });
  const target = targetWithHedges();
  const hedged = client({ target, hedge: { delayMs: 20 } });
  const calls = [
    hedged.call(undeclaredRequest),
    client({ target }).listPlans({}),
    hedged.listMethods({}),
  ];
  await hedgeCame.promise;
  release.resolve();
  await Promise.all(calls);
  const methods = attempts.map(({ method }) => method.split('/').at(-1));
  expect(methods.sort()).toEqual(['Call', 'ListMethods', 'ListMethods', 'ListPlans']);
});

it('adds one call in twenty at most, however slow all of them are', async () => {
  // Every attempt outlasts the delay: both are timers of this process.
  const { client, attempts } = await startService(() => pause(5));
  const hedged = client({ hedge: { delayMs: 0 } });
  const caller = async () => {
    for (let calls = 0; calls < 50; calls++) await hedged.listMethods({});
  };
  await Promise.all(Array.from({ length: 20 }, caller));
  expect(attempts.length).toBeGreaterThan(1_040);
  expect(attempts.length).toBeLessThanOrEqual(1_050);
});

it('learns from a hundred calls when one is slow', async () => {
  let hangs = false;
  const { client, attempts } = await startService(() => {
    if (!hangs) return;
    hangs = false;
    return hang();
  });
  const hedged = client({ hedge: { percentile: 0.95 } });
  for (let calls = 0; calls < 99; calls++) await hedged.listMethods({});
  expect(attempts).toHaveLength(99);
  await hedged.listMethods({});
  hangs = true;
  await hedged.listMethods({});
  expect(attempts.length).toBeGreaterThanOrEqual(102);
});

it('makes no hedge while the bucket is closed', async () => {
  const release = Promise.withResolvers<void>();
  const { client, attempts } = await startService(() => release.promise);
  const asked = Promise.withResolvers<void>();
  class ClosedBucket extends TokenBucket {
    override get isOpen(): boolean {
      asked.resolve();
      return false;
    }
  }
  const target = { ...targetWithHedges(), bucket: new ClosedBucket() };
  const call = client({ target, hedge: { delayMs: 0 } }).listMethods({});
  await asked.promise;
  release.resolve();
  await call;
  expect(attempts).toHaveLength(1);
});

it('goes on with back-offs when both attempts have failed', async () => {
  const { client, attempts } = await startService((_call, attempt) => {
    if (attempt <= 2) throw new RpcError(Code.UNAVAILABLE, 'Not now');
  });
  await client({ target: targetWithHedges(), hedge: { delayMs: 60_000 } }).listMethods({});
  expect(attempts).toHaveLength(3);
});

it('makes five attempts at most, hedges among them', async () => {
  const { client, attempts } = await startService(() => {
    throw new RpcError(Code.UNAVAILABLE, 'Not now');
  });
  const target = { ...targetWithHedges(), bucket: createTarget({ maxTokens: 100 }).bucket };
  const call = client({ target, hedge: { delayMs: 60_000 } }).listMethods({});
  await expect(call).rejects.toMatchObject({ code: Code.UNAVAILABLE, attempts: 5 });
  expect(attempts).toHaveLength(5);
});

it('ends all attempts by the one deadline', async () => {
  const bothAborted = Promise.withResolvers<void>();
  let aborted = 0;
  const { client } = await startService((call) => {
    call.signal.addEventListener('abort', () => ++aborted === 2 && bothAborted.resolve());
    return hang();
  });
  const hedged = client({ target: targetWithHedges(), hedge: { delayMs: 20 } });
  await expect(hedged.listMethods({}, { timeoutMs: 300 })).rejects.toMatchObject({
    code: Code.DEADLINE_EXCEEDED,
    attempts: 2,
  });
  await bothAborted.promise;
});

it('cancels all attempts with the caller', async () => {
  const bothAborted = Promise.withResolvers<void>();
  const bothCame = Promise.withResolvers<void>();
  let aborted = 0;
  const { client } = await startService((call, attempt) => {
    if (attempt === 2) bothCame.resolve();
    call.signal.addEventListener('abort', () => ++aborted === 2 && bothAborted.resolve());
    return hang();
  });
  const controller = new AbortController();
  const hedged = client({ target: targetWithHedges(), hedge: { delayMs: 20 } });
  const call = hedged.listMethods({}, { signal: controller.signal });
  await bothCame.promise;
  controller.abort();
  await expect(call).rejects.toMatchObject({ code: Code.CANCELLED, attempts: 2 });
  await bothAborted.promise;
});

it('leaves no rejection unhandled, which would end the process', async () => {
  const program = new URL('./spec/losers.ts', import.meta.url).pathname;
  const child = fork(program, { execArgv: ['--disable-warning=ExperimentalWarning'] });
  const [exitCode] = await once(child, 'exit');
  expect(exitCode).toBe(0);
});
