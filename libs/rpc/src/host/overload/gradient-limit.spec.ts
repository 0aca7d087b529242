import { createGradientLimit } from './gradient-limit.ts';
import type { ConcurrencyLimit } from './concurrency-limit.ts';

/** What a simulated host has to do for a call, and how many calls come. */
interface Load {
  /** How long each call keeps the event loop busy, in milliseconds. */
  readonly serviceMs: number;
  /** How many calls want to be served at any time. */
  readonly demand: number;
  readonly turns: number;
  /** How long each call waits for another service meanwhile. */
  readonly waitMs?: number;
  readonly method?: string;
}

/** A host whose calls are served one after the other, turn by turn, on a clock of its own. */
function createSimulation(options: { max?: number; min?: number } = {}) {
  let nowMs = 0;
  let busyMs = 0;
  let askedAtMs = 0;
  const limit = createGradientLimit({
    max: 1_000,
    ...options,
    now: () => nowMs,
    utilization() {
      const share = busyMs / (nowMs - askedAtMs);
      busyMs = 0;
      askedAtMs = nowMs;
      return share;
    },
  });
  return {
    limit,
    run({ serviceMs, demand, turns, waitMs = 0, method = 'm' }: Load) {
      for (let turn = 0; turn < turns; turn += 1) {
        const admitted = Math.min(demand, limit.current);
        for (let refused = admitted; refused < demand; refused += 1) limit.noteRefusal();
        const startedAtMs = nowMs;
        const roundTrips: number[] = [];
        for (let served = 0; served < admitted; served += 1) {
          nowMs += serviceMs;
          busyMs += serviceMs;
          roundTrips.push(nowMs - startedAtMs + waitMs);
        }
        nowMs += waitMs;
        if (demand === 1) nowMs += 10;
        roundTrips.forEach((ms, index) =>
          limit.observe({
            method,
            ms,
            inFlight: index + 1,
            isAlone: admitted === 1,
            isOneTurn: waitMs === 0,
          }),
        );
      }
    },
  };
}

const atRest: Load = { serviceMs: 5, demand: 1, turns: 100 };

/** The mean time of a call when a turn serves as many as the limit allows. */
const meanMs = (limit: ConcurrencyLimit, serviceMs: number) =>
  ((limit.current + 1) / 2) * serviceMs;

it('is wide open at first, and then keeps room for a burst', () => {
  const { limit, run } = createSimulation();
  expect(limit.current).toBe(1_000);
  run({ ...atRest, turns: 1_000 });
  expect(limit.current).toBeGreaterThanOrEqual(32);
  expect(limit.current).toBeLessThan(40);
  expect(limit.isSaturated).toBe(false);
});

it('converges under overload to what keeps the host busy and calls quick', () => {
  const { limit, run } = createSimulation();
  run(atRest);
  run({ serviceMs: 5, demand: 600, turns: 60 });
  expect(limit.isSaturated).toBe(true);
  expect(limit.current).toBeGreaterThanOrEqual(4);
  expect(meanMs(limit, 5)).toBeLessThan(4 * 5);
  const before = limit.current;
  run({ serviceMs: 5, demand: 600, turns: 60 });
  expect(Math.abs(limit.current - before)).toBeLessThanOrEqual(2);
});

it('falls when calls become slower, and follows when that turns out to be what they take', () => {
  const { limit, run } = createSimulation();
  run(atRest);
  run({ serviceMs: 50, demand: 40, turns: 20 });
  expect(limit.current).toBeLessThan(20);
  run({ serviceMs: 50, demand: 1, turns: 400 });
  expect(limit.unloadedMs('m')).toBeCloseTo(50, 0);
});

it('recovers when the overload is over', () => {
  const { limit, run } = createSimulation();
  run(atRest);
  run({ serviceMs: 5, demand: 600, turns: 60 });
  expect(limit.current).toBeLessThan(10);
  run({ ...atRest, turns: 333 });
  // Five seconds later.
  expect(limit.current).toBeGreaterThanOrEqual(32);
});

it('never falls below its floor, whatever it learns', () => {
  const { limit, run } = createSimulation({ min: 8 });
  run(atRest);
  const seen: number[] = [];
  for (let turn = 0; turn < 30; turn += 1) {
    run({ serviceMs: 500, demand: 600, turns: 1 });
    seen.push(limit.current);
  }
  expect(Math.min(...seen)).toBe(8);
});

it('never exceeds its maximum', () => {
  const { limit, run } = createSimulation({ max: 20 });
  run({ ...atRest, turns: 1_000 });
  expect(limit.current).toBe(20);
});

it('falls less when it is another service that calls wait for', () => {
  const { limit, run } = createSimulation();
  run(atRest);
  const seen: number[] = [];
  for (let turn = 0; turn < 50; turn += 1) {
    run({ serviceMs: 0.01, waitMs: 2_000, demand: 200, turns: 1 });
    seen.push(limit.current);
  }
  expect(Math.min(...seen)).toBe(16);
});

it('follows when another service turns out to be slow for good', () => {
  const { limit, run } = createSimulation();
  run(atRest);
  run({ serviceMs: 0.01, waitMs: 2_000, demand: 200, turns: 100 });
  expect(limit.current).toBeGreaterThanOrEqual(200);
});

/** A service with eight connections to what takes 20 ms, and calls that wait for one of them. */
it('converges to the capacity of what calls wait for', () => {
  let nowMs = 0;
  const options = { max: 1_000, now: () => nowMs, utilization: () => 0.3 };
  const limit = createGradientLimit(options);
  for (let turn = 0; turn < 2_000; turn += 1) {
    nowMs += 2.5;
    const inFlight = turn < 400 ? 6 : limit.current;
    const ms = Math.max(20, inFlight * 2.5);
    if (turn >= 400) limit.noteRefusal();
    limit.observe({ method: 'm', ms, inFlight, isAlone: false, isOneTurn: false });
  }
  expect(limit.current).toBeGreaterThanOrEqual(8);
  expect(limit.current).toBeLessThan(30);
});

it('does not fall for calls that are cheaper than to refuse them', () => {
  const { limit, run } = createSimulation();
  run({ ...atRest, serviceMs: 0.1 });
  run({ serviceMs: 0.1, demand: 500, turns: 60 });
  expect(limit.current).toBe(1_000);
});

it('does not take a change in what is called for overload', () => {
  const { limit, run } = createSimulation();
  run({ ...atRest, method: 'quick', serviceMs: 2 });
  run({ ...atRest, method: 'slow', serviceMs: 80 });
  run({ serviceMs: 2, demand: 600, turns: 100, method: 'quick' });
  const before = limit.current;
  run({ serviceMs: 80, demand: 600, turns: 30, method: 'slow' });
  expect(Math.abs(limit.current - before)).toBeLessThanOrEqual(3);
});

it('does not take a few calls that are slow by nature for overload', () => {
  let nowMs = 0;
  const limit = createGradientLimit({ max: 100, now: () => nowMs, utilization: () => 0.1 });
  // 200 calls a second of 5 ms, and of 2 s every twentieth, so that some 20 wait at any time.
  const call = { method: 'm', inFlight: 21, isAlone: false, isOneTurn: false };
  for (let count = 1; count <= 2_000; count += 1) {
    nowMs += 5;
    limit.observe({ ...call, ms: count > 20 && count % 20 === 0 ? 2_000 : 5 });
    expect(limit.current).toBeGreaterThanOrEqual(32);
  }
});

it('refuses a floor that is none', () => {
  expect(() => createGradientLimit({ max: 10, min: 0 })).toThrow(RangeError);
});
