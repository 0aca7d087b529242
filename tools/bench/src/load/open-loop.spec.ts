import { Code, RpcError } from '@trivium/rpc';
import { openLoop, successShare } from './open-loop.ts';

it('makes calls without waiting for those before, and says how each ended', async () => {
  let inFlight = 0;
  let most = 0;
  let made = 0;
  const waiting: (() => void)[] = [];
  const call = async () => {
    most = Math.max(most, ++inFlight);
    if (++made === 5) for (const resolve of waiting) resolve();
    if (made < 5) await new Promise<void>((resolve) => waiting.push(resolve));
    if (made % 2 === 0) throw new RpcError(Code.UNAVAILABLE, 'away');
  };
  const outcomes = await openLoop(call, { ratePerSecond: 2_000, durationMs: 50 });
  expect(most).toBeGreaterThanOrEqual(5);
  expect(outcomes).toHaveLength(made);
  expect(new Set(outcomes.map(({ code }) => code))).toEqual(new Set([0, Code.UNAVAILABLE]));
  expect(outcomes.every(({ dueMs, latencyMs }) => dueMs <= 50 && latencyMs >= 0)).toBe(true);
});

it('knows the share of successes', () => {
  const outcome = { dueMs: 0, latencyMs: 0 };
  expect(successShare([0, 0, 14, 0].map((code) => ({ ...outcome, code })))).toBe(0.75);
  expect(successShare([])).toBeNaN();
});
