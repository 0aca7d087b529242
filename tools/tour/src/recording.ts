import type { Bar, Waterfall } from './waterfall.ts';

/** What came of one way to call. */
export interface Passage {
  readonly picture: Waterfall;
  /** How long the caller could do nothing else, in milliseconds. */
  readonly callerWaitedMs: number;
  /** How long until all was done, in milliseconds. */
  readonly doneAfterMs: number;
  /** What did not go as it should; empty when all did. */
  readonly problems: readonly string[];
}

/** Records calls as bars, relative to the moment at which the recording began. */
export function createRecording() {
  const began = performance.now();
  const bars: Bar[] = [];
  const elapsedMs = () => performance.now() - began;
  return {
    bars,
    elapsedMs,
    /** Makes a call and adds its bar, also when it fails. */
    async call<T>(label: string, make: () => Promise<T>, note?: (reply: T) => string): Promise<T> {
      const startMs = elapsedMs();
      try {
        const reply = await make();
        const said = note?.(reply);
        bars.push({
          label,
          startMs,
          endMs: elapsedMs(),
          kind: 'work',
          ...(said && { note: said }),
        });
        return reply;
      } catch (error) {
        const said = error instanceof Error ? error.message : String(error);
        bars.push({ label, startMs, endMs: elapsedMs(), kind: 'failed', note: said });
        throw error;
      }
    },
  };
}
