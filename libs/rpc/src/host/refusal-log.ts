import type { Logger } from '../logger.ts';
import type { RefusalReason } from './overload/refusal.ts';

/** Logs refused calls. */
export interface RefusalLog {
  /** Takes note that a call was refused. */
  note(reason: RefusalReason): void;
}

/** How many lines refusals may cost: one in this time. */
const INTERVAL_MS = 1_000;

/**
 * Creates a log of refused calls: one line at once, and then one a second with the number of those
 * that were refused since, by reason. A line for each would use up what refusing is to save.
 */
export function createRefusalLog(log: Logger): RefusalLog {
  let counts = new Map<RefusalReason, number>();
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    timer = undefined;
    if (counts.size === 0) return;
    const reasons = Object.fromEntries(counts);
    counts = new Map();
    timer = setTimeout(flush, INTERVAL_MS).unref();
    log.warn({ code: 'RESOURCE_EXHAUSTED', reasons }, 'calls refused');
  }

  return {
    note(reason) {
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
      if (timer === undefined) flush();
    },
  };
}
