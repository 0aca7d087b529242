import { once } from 'node:events';
import type { Delay } from '../fulfillment-work.ts';

/** Stages that take their time until a test lets them go on; for a `stageMs` of 1. */
export interface StageGates {
  readonly delay: Delay;
  /** Lets the stages up to this one (1 to 4) end; 4 by default. */
  open(stage?: number): void;
}

/** Closes the gates of all four stages. */
export function closeStageGates(): StageGates {
  const gates = [1, 2, 3, 4].map(() => Promise.withResolvers<void>());
  return {
    delay: async (ms, signal) => {
      signal.throwIfAborted();
      await Promise.race([gates[ms - 1]!.promise, once(signal, 'abort')]);
      signal.throwIfAborted();
    },
    open: (stage = 4) => gates.slice(0, stage).forEach((gate) => gate.resolve()),
  };
}
