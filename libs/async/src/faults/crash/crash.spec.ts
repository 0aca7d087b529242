import { crashPoints } from './crash-points.ts';
import { crashAt } from './crash-run.ts';

/** How often each point is hit: more often with `CRASH_TIMES`, or with `npm run chaos -- --crash-points 20`. */
const times = Number(process.env.CRASH_TIMES ?? 2);

it('has at least thirty points', () => {
  expect(new Set(crashPoints.map(({ point }) => point)).size).toBeGreaterThanOrEqual(30);
});

it.each(crashPoints)(
  `loses nothing and repeats nothing when it is killed $point`,
  async (named) => {
    const { kills, violations } = await crashAt({ named, times });
    expect(violations).toEqual([]);
    expect(kills).toBe(times);
  },
  times * 10_000,
);
