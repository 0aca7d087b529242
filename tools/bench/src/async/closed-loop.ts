import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Measurement } from '../sync/measure.ts';

/** What is measured: which call, by how many callers, for how long. */
export interface DurableLoad {
  readonly call: 'start' | 'finish';
  /** How many callers call, each again as soon as it has its answer. */
  readonly callers: number;
  readonly durationMs: number;
  /** How long each caller waits before it calls again; not at all by default. */
  readonly pauseMs?: number;
}

/** Calls with a new request id each time, and times every call. One that fails ends it with that failure. */
export async function closedLoop(
  call: (requestId: string) => Promise<unknown>,
  { callers, durationMs, pauseMs }: Omit<DurableLoad, 'call'>,
): Promise<Measurement> {
  const latenciesMs: number[] = [];
  const cpuBefore = process.cpuUsage();
  const began = performance.now();
  await Promise.all(
    Array.from({ length: callers }, async () => {
      for (let now = began; now < began + durationMs;) {
        await call(randomUUID());
        const ended = performance.now();
        // To the microsecond: it travels as text.
        latenciesMs.push(Math.round((ended - now) * 1000) / 1000);
        now = ended;
        if (pauseMs !== undefined) {
          await delay(pauseMs);
          now = performance.now();
        }
      }
    }),
  );
  const elapsedMs = performance.now() - began;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { calls: latenciesMs.length, elapsedMs, cpuMs: (user + system) / 1000, latenciesMs };
}
