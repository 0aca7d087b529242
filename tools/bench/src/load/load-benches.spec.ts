import type { Bench } from '../bench.ts';
import { benchCancel } from '../cancel/cancel-bench.ts';
import { goals } from '../goals.ts';
import { benchHedge } from '../hedge/hedge-bench.ts';
import { benchOverload } from '../overload/overload-bench.ts';
import { benchRetryLoad } from '../retry-load/retry-load-bench.ts';

it.each<[string, Bench]>([
  ['overload', benchOverload],
  ['cancel', benchCancel],
  ['hedge', benchHedge],
  ['retry-load', benchRetryLoad],
])(
  '%s measures with real processes, and speaks of each of its goals',
  async (name, bench) => {
    const { figures } = await bench({ rounds: 1, timeShare: 0.02, say: () => {} });
    const names = figures.map((figure) => figure.name);
    expect(names).toEqual(expect.arrayContaining((goals[name] ?? []).map(({ figure }) => figure)));
    expect(figures.every(({ samples }) => samples.length === 1)).toBe(true);
  },
  120_000,
);
