import { Code, codeName } from '@trivium/rpc';
import type { BenchOptions, BenchResult } from '../bench.ts';
import { type Child, startChild } from '../child.ts';
import { Samples, quantile } from '../figure.ts';
import type { Outcome } from '../load/open-loop.ts';
import type { Leaving } from './caller.ts';

/** Who calls whom: the client, and the server that it calls. */
const pairs: readonly (readonly [title: string, caller: string, service: string])[] = [
  ['raw grpc-js', 'grpc-js', 'grpc-js-service.ts'],
  ['trivium, one channel', 'one', 'grpc-js-service.ts'],
  ['trivium, default pool', 'pool', 'grpc-js-service.ts'],
  ['trivium, one channel, to a trivium host', 'one', 'trivium-service.ts'],
];

/** How many calls a second are broken off, and how many others are on the channel meanwhile. */
const LEFT_PER_SECOND = 500;
const INNOCENT_PER_SECOND = 100;

/**
 * What 500 calls a second that are cancelled or expire, for a minute, do to the others on their
 * channel. It counts what must not happen at all, so it counts once, whatever the rounds.
 */
export async function benchCancel({ timeShare, say }: BenchOptions): Promise<BenchResult> {
  const durationMs = 60_000 * timeShare;
  const samples = new Samples();
  for (const [title, kind, file] of pairs) {
    say(`${title}: breaking off ${LEFT_PER_SECOND} calls a second for ${durationMs / 1000} s`);
    const service = await startChild(`cancel/${file}`, []);
    const caller = await startChild('cancel/caller.ts', [String(service.greeting), kind]);
    try {
      // To warm up, with few enough broken off for whoever counts them to have forgotten.
      await leave(caller, { leftPerSecond: 20, durationMs: 1_000 * timeShare });
      const innocent = await leave(caller, { leftPerSecond: LEFT_PER_SECOND, durationMs });
      const failed = innocent.filter(({ code }) => code !== Code.OK);
      const latencies = innocent.map(({ latencyMs }) => latencyMs);
      samples.add(`innocent calls: ${title}`, innocent.length);
      samples.add(`innocent calls failed: ${title}`, failed.length);
      samples.add(`innocent calls, p99 ms: ${title}`, quantile(latencies, 0.99));
      for (const [code, each] of Map.groupBy(failed, (outcome) => outcome.code)) {
        say(`${title}: ${each.length} innocent calls failed with ${codeName(code as Code)}`);
      }
    } finally {
      await caller.stop();
      await service.stop();
    }
  }
  return { figures: samples.figures() };
}

async function leave(
  caller: Child,
  { leftPerSecond, durationMs }: { readonly leftPerSecond: number; readonly durationMs: number },
): Promise<Outcome[]> {
  const leaving: Leaving = {
    left: { ratePerSecond: leftPerSecond, durationMs },
    innocent: { ratePerSecond: INNOCENT_PER_SECOND, durationMs },
  };
  return (await caller.ask(leaving)) as Outcome[];
}
