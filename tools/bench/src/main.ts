import { writeFileSync } from 'node:fs';
import { benchAsync } from './async/async-bench.ts';
import { parseBenchArgs, usage } from './bench-args.ts';
import type { Bench } from './bench.ts';
import { benchCancel } from './cancel/cancel-bench.ts';
import { goals, goalText } from './goals.ts';
import { benchHedge } from './hedge/hedge-bench.ts';
import { benchOrchestrator } from './orchestrator/orchestrator-bench.ts';
import { benchOverload } from './overload/overload-bench.ts';
import { benchParallel } from './parallel/parallel-bench.ts';
import { benchRetryLoad } from './retry-load/retry-load-bench.ts';
import { drawTable, missedGoals } from './report.ts';
import { benchShop } from './shop-bench.ts';
import { benchSync } from './sync/sync-bench.ts';
import { benchWaiting } from './waiting/bench.ts';

const benches: Readonly<Record<string, Bench>> = {
  shop: benchShop,
  sync: benchSync,
  overload: benchOverload,
  cancel: benchCancel,
  hedge: benchHedge,
  parallel: benchParallel,
  'retry-load': benchRetryLoad,
  async: benchAsync,
  orchestrator: benchOrchestrator,
  waiting: async ({ rounds, say }) => ({ figures: await benchWaiting(rounds, say) }),
};

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function main(args: readonly string[]): Promise<number> {
  const names = Object.keys(benches);
  const parsed = parseBenchArgs(args, names);
  if (parsed.help) {
    console.log(usage(names));
    return 0;
  }
  const { name, rounds, quick, json, check } = parsed;
  const bench = benches[name] as Bench;
  const { figures, lines } = await bench({
    rounds,
    timeShare: quick ? 0.2 : 1,
    say: (line) => console.error(`… ${line}`),
  });
  const own = goals[name] ?? [];
  if (lines) {
    // Drawn by the bench itself: what is left to say is how the figures that have a goal did.
    const judged = figures.filter((figure) => own.some((goal) => goal.figure === figure.name));
    console.log([...lines, '', ...drawTable(judged, own)].join('\n'));
  } else {
    console.log(drawTable(figures, own).join('\n'));
  }
  if (json) writeFileSync(json, `${JSON.stringify({ bench: name, figures }, null, 2)}\n`);
  const missed = missedGoals(figures, own);
  for (const goal of missed) console.error(`MISSED: ${goal.figure}: ${goalText(goal)}`);
  return check && missed.length > 0 ? 1 : 0;
}
