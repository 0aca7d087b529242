import { durationToMs } from '@trivium/rpc';
import { basket } from './basket.ts';
import type { ShopClients } from '@trivium/shop';
import { type Passage, createRecording } from './recording.ts';
import type { Bar } from './waterfall.ts';

/** One call of `Quote`, which makes each of its own calls as soon as what that one reads is there. */
export async function callInParallel({ checkout }: ShopClients): Promise<Passage> {
  const { elapsedMs } = createRecording();
  const quote = await checkout.quote(basket);
  const doneAfterMs = elapsedMs();
  const bars = quote.timings.map(({ step, startOffset, endOffset, waitedFor, status }): Bar => ({
    label: step,
    startMs: startOffset ? durationToMs(startOffset) : 0,
    endMs: endOffset ? durationToMs(endOffset) : 0,
    kind: status?.code ? 'failed' : 'work',
    ...(waitedFor.length > 0 && { note: `after ${waitedFor.join(' and ')}` }),
  }));
  bars.push({
    label: 'the caller',
    startMs: 0,
    endMs: doneAfterMs,
    kind: 'wait',
    note: 'waits once, for the slowest chain of calls',
  });
  return {
    picture: { title: 'PARALLEL: one Quote, which fans out', bars },
    callerWaitedMs: doneAfterMs,
    doneAfterMs,
    problems: quote.missing.map(({ step, reason }) => `${step}: ${reason?.message}`),
  };
}
