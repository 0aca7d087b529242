import { answerMessages } from '../load/answer-messages.ts';
import type { WayTitle } from './way-titles.ts';
import { ways } from './ways.ts';

/** What a caller is asked to do. */
export interface Bursts {
  /** Calls at once. */
  readonly width: number;
  /** How often, each after the one before. */
  readonly bursts: number;
}

/** What it came to. */
export interface BurstsDone {
  /** How long each burst took. */
  readonly wallsMs: readonly number[];
  /** User and system time of the caller's process. */
  readonly cpuMs: number;
}

// Calls in one way the service at an address: `caller.ts WAY ADDRESS`.
const [way = '', address = ''] = process.argv.slice(2);
const open = ways[way as WayTitle];
if (!open) throw new Error(`No such way: ${way}`);
const fanOut = await open(address);

answerMessages(async ({ width, bursts }: Bursts): Promise<BurstsDone> => {
  const wallsMs: number[] = [];
  const before = process.cpuUsage();
  for (let burst = 0; burst < bursts; burst++) {
    const began = performance.now();
    await fanOut(width);
    wallsMs.push(performance.now() - began);
  }
  const { user, system } = process.cpuUsage(before);
  return { wallsMs, cpuMs: (user + system) / 1_000 };
});
