import { Bursts } from './bursts.ts';

const options = { delayMs: 20, percentile: 0.9 };

it('lets a call that is made alone wait for its own delay', () => {
  const alone = new Bursts().join(1_000);
  expect(alone.holdMs(1_005, options)).toBe(15);
  expect(alone.holdMs(1_020, options)).toBe(0);
});

it('holds calls that are made together until half of them have been answered', () => {
  const bursts = new Bursts();
  const [burst] = Array.from({ length: 4 }, () => bursts.join(1_000));
  expect(burst!.holdMs(1_030, options)).toBeGreaterThan(0);
  burst!.answered(1_030);
  expect(burst!.holdMs(1_035, options)).toBeGreaterThan(0);
  burst!.answered(1_040);
  // Slow is twice what half of them took, as long as nothing else is known.
  expect(burst!.holdMs(1_050, options)).toBe(30);
  expect(burst!.holdMs(1_080, options)).toBe(0);
});

it('gives up on a burst in which nobody answers', () => {
  const bursts = new Bursts();
  const [burst] = Array.from({ length: 4 }, () => bursts.join(0));
  expect(burst!.holdMs(79, options)).toBeGreaterThan(0);
  expect(burst!.holdMs(80, options)).toBe(0);
});

it('learns how much longer than its siblings a call may take', () => {
  const bursts = new Bursts();
  for (let count = 0; count < 50; count++) {
    const beganMs = count * 1_000;
    const burst = [1, 2, 3, 4].map(() => bursts.join(beganMs))[0]!;
    for (const tookMs of [8, 10, 12, 15]) burst.answered(beganMs + tookMs);
  }
  const [burst] = [1, 2].map(() => bursts.join(1e6));
  burst!.answered(1e6 + 30);
  expect(burst!.holdMs(1e6 + 30, options)).toBe(15);
});

it('counts as made together what begins within two milliseconds of the first', () => {
  const bursts = new Bursts();
  const first = bursts.join(0);
  expect(bursts.join(2)).toBe(first);
  expect(bursts.join(2.1)).not.toBe(first);
});
