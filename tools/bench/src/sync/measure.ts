import { setTimeout as delay } from 'node:timers/promises';

/** What is measured: which call, how many at a time, for how long. */
export interface Load {
  readonly call: 'small' | 'large';
  /** How many callers call, each again as soon as it has its answer. */
  readonly concurrency: number;
  readonly durationMs: number;
}

/** What a load came to. */
export interface Measurement {
  readonly calls: number;
  readonly elapsedMs: number;
  /** User and system time of the whole client process. */
  readonly cpuMs: number;
  /** How long each call took; empty but at concurrency 1, where timing each disturbs nothing. */
  readonly latenciesMs: readonly number[];
}

/** Calls without pause, and counts what came back. A call that fails ends it with that failure. */
export async function measure(
  call: (signal: AbortSignal) => Promise<unknown>,
  { concurrency, durationMs }: Pick<Load, 'concurrency' | 'durationMs'>,
): Promise<Measurement> {
  const latenciesMs: number[] = [];
  let calls = 0;
  let isOver = false;
  const caller = concurrency === 1 ? timedCaller : plainCaller;
  const cpuBefore = process.cpuUsage();
  const began = performance.now();
  const end = delay(durationMs).then(() => (isOver = true));
  await Promise.all(Array.from({ length: concurrency }, caller));
  const elapsedMs = performance.now() - began;
  const { user, system } = process.cpuUsage(cpuBefore);
  await end;
  return { calls, elapsedMs, cpuMs: (user + system) / 1000, latenciesMs };

  async function plainCaller(): Promise<void> {
    const { signal } = new AbortController();
    while (!isOver) {
      await call(signal);
      calls++;
    }
  }

  async function timedCaller(): Promise<void> {
    const { signal } = new AbortController();
    while (!isOver) {
      const sent = performance.now();
      await call(signal);
      latenciesMs.push(performance.now() - sent);
      calls++;
    }
  }
}
