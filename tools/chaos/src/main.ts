import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChaosArguments, readArguments, usage } from './arguments.ts';
import { killAtPoints } from './kill-at-points.ts';
import { type ChaosResult, runChaos } from './chaos-run.ts';
import { describeFaults, planFaults } from './plan/fault-plan.ts';
import { planOrders } from './plan/order-plan.ts';
import { describeCounts } from './report/counts.ts';
import { verdictLines } from './report/verdict-lines.ts';

const stopped = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => stopped.abort());
}

try {
  const args = readArguments(process.argv.slice(2));
  if (args.help) console.log(usage);
  else if (args.crashPoints > 0) process.exitCode = await killAtPoints(args.crashPoints);
  else process.exitCode = await main(args);
} catch (error) {
  if (!stopped.signal.aborted) console.error(error instanceof Error ? error.message : error);
  process.exitCode = stopped.signal.aborted ? 130 : 2;
}

async function main(args: Extract<ChaosArguments, { help: false }>): Promise<number> {
  const { seed, kills, pauses, concurrency, twin, json, keep } = args;
  const orders = planOrders(args);
  const faults = planFaults(args);
  const began = performance.now();
  console.log(
    `Seed ${seed}: ${orders.length} orders, ${kills} kills, ${pauses} pauses (--seed ${seed})`,
  );
  console.log(describeFaults(faults, { twin }).join('\n'));
  const dataDir = mkdtempSync(join(tmpdir(), 'trivium-chaos-'));
  let isKept = true;
  try {
    const result = await runChaos({
      ...{ dataDir, orders, faults, concurrency, twin },
      signal: stopped.signal,
      screen: process.stdout,
      say: (line) => console.log(line),
    });
    const durationMs = performance.now() - began;
    const holds = result.verdicts.every(({ violations }) => violations.length === 0);
    isKept = keep || !holds;
    report(result, durationMs);
    if (json) {
      const { counts, verdicts } = result;
      const whole = { seed, holds, durationMs, counts, verdicts, faults };
      writeFileSync(json, `${JSON.stringify(whole, null, 2)}\n`);
    }
    return holds ? 0 : 1;
  } finally {
    if (isKept) console.log(`The databases and logs are in ${dataDir}.`);
    else rmSync(dataDir, { recursive: true, force: true });
  }
}

function report({ counts, verdicts }: ChaosResult, durationMs: number): void {
  const violated = verdicts.filter(({ violations }) => violations.length > 0).length;
  console.log(verdictLines(verdicts).join('\n'));
  const { reconnections, takeovers } = counts;
  console.log(
    `${takeovers} orders taken over by another process, ${reconnections} watches resumed`,
  );
  console.log(`${describeCounts(counts)}, in ${(durationMs / 1000).toFixed(1)} s`);
  console.log(violated === 0 ? 'Every invariant holds.' : `${violated} invariants are violated.`);
}
