import type { Inventory } from './inventory.ts';

/** Where the sweep tells what it did; a pino logger is one. */
export interface SweepLog {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** A sweep that goes on until it is stopped. */
export interface ExpirySweep {
  /** Starts no other round and waits for the one that runs. */
  stop(): Promise<void>;
}

/**
 * Books the ends of reservations whose time has passed every `everyMs` milliseconds, counted from
 * the end of the round before. No answer depends on it; it keeps what reads and writes have to look
 * through small. A round that fails is logged, and the next one tries again.
 */
export function startExpirySweep({
  inventory,
  everyMs,
  log,
}: {
  inventory: Pick<Inventory, 'expireOverdue'>;
  everyMs: number;
  log: SweepLog;
}): ExpirySweep {
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  let timer = schedule();

  function schedule(): NodeJS.Timeout {
    return setTimeout(() => {
      running = round();
    }, everyMs).unref();
  }

  async function round(): Promise<void> {
    try {
      const expired = await inventory.expireOverdue();
      if (expired > 0) log.info({ expired }, 'reservations expired');
    } catch (err) {
      log.error({ err }, 'expiry sweep failed');
    }
    if (!stopped) timer = schedule();
  }

  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      return running;
    },
  };
}
