import { PgBoss } from 'pg-boss';
import { CONCURRENCY } from '../durable-peer.ts';
import type { DurablePeer } from '../durable-peer.ts';
import { WaitingCallers } from '../waiting-callers.ts';

/** How many connections it has. */
const CONNECTIONS = 16;

/**
 * pg-boss, its worker in the same process: `fetch` and `complete` of whole batches, woken by whoever
 * sends. Its own `work` polls, and would let a caller wait for up to half a second.
 */
export async function open(url: string): Promise<DurablePeer> {
  const boss = new PgBoss({
    connectionString: url,
    max: CONNECTIONS,
    supervise: false,
    schedule: false,
  });
  boss.on('error', (error) => console.error('pg-boss:', error));
  await boss.start();
  for (const queue of ['held', 'worked']) await boss.createQueue(queue);
  const callers = new WaitingCallers();
  let wake = () => {};
  let isOpen = true;
  const working = work();
  return {
    start: async () => (await boss.send('held', { key: '' })) as string,
    async finish() {
      const { key, released } = callers.enter();
      const id = (await boss.send('worked', { key })) as string;
      wake();
      await released;
      return id;
    },
    async settle() {
      await boss.deleteAllJobs('held');
    },
    async close() {
      isOpen = false;
      wake();
      await working;
      await boss.stop({ graceful: false });
    },
  };

  async function work(): Promise<void> {
    while (isOpen) {
      // Before the fetch: what is sent during it may come too late for it.
      const woken = new Promise<void>((resolve) => (wake = resolve));
      const jobs = await boss.fetch<{ key: string }>('worked', { batchSize: CONCURRENCY });
      if (jobs.length === 0) {
        await woken;
        continue;
      }
      await boss.complete(
        'worked',
        jobs.map(({ id }) => id),
      );
      for (const { data } of jobs) callers.release(data.key);
    }
  }
}
