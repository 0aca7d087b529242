import { Queue, Worker } from 'bullmq';
import { CONCURRENCY } from '../durable-peer.ts';
import type { DurablePeer } from '../durable-peer.ts';
import { WaitingCallers } from '../waiting-callers.ts';

/**
 * BullMQ, its worker in the same process. A caller learns of the end from the worker's own event,
 * which costs less than `waitUntilFinished`, since nothing is sent through Redis for it.
 */
export async function open(url: string): Promise<DurablePeer> {
  const connection = { url, maxRetriesPerRequest: null };
  const [held, worked] = [new Queue('held', { connection }), new Queue('worked', { connection })];
  const callers = new WaitingCallers();
  const worker = new Worker<{ key: string }>('worked', async () => ({}), {
    connection,
    concurrency: CONCURRENCY,
  });
  worker.on('completed', ({ data }) => callers.release(data.key));
  await Promise.all([held.waitUntilReady(), worked.waitUntilReady(), worker.waitUntilReady()]);
  return {
    start: async () => (await held.add('empty', { key: '' })).id as string,
    async finish() {
      const { key, released } = callers.enter();
      const job = await worked.add('empty', { key });
      await released;
      return job.id as string;
    },
    settle: () => held.obliterate({ force: true }),
    async close() {
      await Promise.all([worker.close(), held.close(), worked.close()]);
    },
  };
}
