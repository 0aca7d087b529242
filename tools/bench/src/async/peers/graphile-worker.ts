import { EventEmitter } from 'node:events';
import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import type { WorkerEvents } from 'graphile-worker';
import pg from 'pg';
import { CONCURRENCY } from '../durable-peer.ts';
import type { DurablePeer } from '../durable-peer.ts';
import { WaitingCallers } from '../waiting-callers.ts';

const CONNECTIONS = 16;

/** graphile-worker, its worker in the same process, in batches as its documentation advises for load. */
export async function open(connectionString: string): Promise<DurablePeer> {
  const pgPool = new pg.Pool({ connectionString, max: CONNECTIONS });
  const onError = (error: Error) => console.error('graphile-worker:', error.message);
  pgPool.on('error', onError);
  pgPool.on('connect', (client) => client.on('error', onError));
  const logger = new Logger(() => () => undefined);
  const events: WorkerEvents = new EventEmitter();
  const callers = new WaitingCallers();
  events.on('job:complete', ({ job }) => callers.release((job.payload as { key: string }).key));
  const utils = await makeWorkerUtils({ pgPool, logger });
  await utils.migrate();
  const runner = await run({
    pgPool,
    logger,
    events,
    noHandleSignals: true,
    taskList: { worked: async () => undefined },
    preset: {
      worker: {
        concurrentJobs: CONCURRENCY,
        localQueue: { size: CONCURRENCY * 2 },
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
      },
    },
  });
  return {
    start: async () => (await utils.addJob('held', { key: '' })).id,
    async finish() {
      const { key, released } = callers.enter();
      const { id } = await utils.addJob('worked', { key });
      await released;
      return id;
    },
    async settle() {
      await pgPool.query(
        `DELETE FROM graphile_worker._private_jobs WHERE task_id =
           (SELECT id FROM graphile_worker._private_tasks WHERE identifier = 'held')`,
      );
    },
    async close() {
      await runner.stop();
      await utils.release();
      await pgPool.end();
    },
  };
}
