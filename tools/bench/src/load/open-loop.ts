import { setTimeout as delay } from 'node:timers/promises';
import { RpcError } from '@trivium/rpc';

/** Calls that arrive by themselves, whether the ones before them are answered or not. */
export interface Arrivals {
  readonly ratePerSecond: number;
  readonly durationMs: number;
}

/** How one call ended. */
export interface Outcome {
  /** When it was to be made, in milliseconds after the first could be. */
  readonly dueMs: number;
  /** From when it was due to when it ended: that the caller could not keep up does not hide. */
  readonly latencyMs: number;
  /** 0 for success. */
  readonly code: number;
}

/**
 * Makes calls at random times (a Poisson process) and waits for all of them. A closed loop would
 * slow down with the server, and so never overload it.
 */
export async function openLoop(
  call: () => Promise<unknown>,
  { ratePerSecond, durationMs }: Arrivals,
): Promise<Outcome[]> {
  const outcomes: Promise<Outcome>[] = [];
  const began = performance.now();
  let dueMs = nextGapMs();
  while (dueMs < durationMs) {
    for (const now = performance.now() - began; dueMs <= Math.min(now, durationMs);) {
      outcomes.push(outcomeOf(dueMs));
      dueMs += nextGapMs();
    }
    await delay(1);
  }
  return Promise.all(outcomes);

  async function outcomeOf(due: number): Promise<Outcome> {
    const code = await call().then(
      () => 0,
      (error: unknown) => RpcError.from(error).code,
    );
    return { dueMs: due, latencyMs: performance.now() - began - due, code };
  }

  function nextGapMs(): number {
    return (-Math.log(1 - Math.random()) * 1000) / ratePerSecond;
  }
}

/** The share of the outcomes that are successes; NaN of none. */
export const successShare = (outcomes: readonly Outcome[]): number =>
  outcomes.filter(({ code }) => code === 0).length / outcomes.length;
