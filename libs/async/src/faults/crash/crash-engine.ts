import { setTimeout as sleep } from 'node:timers/promises';
import { Code, RpcError, createLogger } from '@trivium/rpc';
import type { LogLevel } from '@trivium/rpc';
import { createOperations } from '../../engine/create-operations.ts';
import type { Operations } from '../../engine/operations.ts';
import type { OperationStore } from '../../store/operation-store.ts';
import type { Diary } from './diary.ts';
import { type WorkloadKind, workload, workloadKinds } from './workload.ts';

/** An engine with the workload, on a store that may have faults. */
export interface CrashEngine {
  /** Hands in operations of each kind, and follows them and all that earlier processes left to their ends. */
  run(requestIds: readonly string[]): Promise<void>;
  /** Deletes an operation that has ended, on purpose. */
  delete(requestId: string): Promise<void>;
  close(): Promise<void>;
}

/** Short, so that the leases of a process that lives for half a second are renewed, and what it deletes is swept. */
const intervals = { leaseMs: 300, sweepMs: 20, pollMs: 20 };

/** What such an engine is made from. */
export interface CrashEngineOptions {
  readonly store: OperationStore;
  readonly diary: Diary;
  /** Told of each effect of a step. Default: nobody. */
  readonly pass?: (point: string) => void | Promise<void>;
  /** Default: `silent`. */
  readonly logLevel?: LogLevel;
}

/** Opens an engine with the workload. What the store cannot do now is asked for again, as callers do. */
export function openCrashEngine(options: CrashEngineOptions): CrashEngine {
  const { store, diary, pass = () => undefined, logLevel: level = 'silent' } = options;
  const log = createLogger({ name: 'crash', level });
  const kinds = workload(diary, pass);
  const operations = createOperations({ store, log, kinds, ...intervals });

  const start = async (kind: WorkloadKind, requestId: string): Promise<string> => {
    const request = Buffer.alloc(requestBytes, kind);
    const { name } = await untilAvailable(() => operations.start({ kind, requestId, request }));
    diary.write({ entry: 'acknowledged', requestId, name });
    return name;
  };

  return {
    async run(requestIds) {
      await untilAvailable(() => operations.resume());
      const { operations: left } = await operations.list({
        pageSize: 1_000,
        filter: 'done = false',
      });
      await Promise.all([
        ...left.map(({ name, kind }) => follow(operations, { name, kind, diary })),
        ...Array.from({ length: lanes }, async (_, lane) => {
          for (let index = lane; index < requestIds.length; index += lanes) {
            const kind = workloadKinds[index % workloadKinds.length]!;
            const name = await start(kind, requestIds[index]!);
            await follow(operations, { name, kind, diary });
          }
        }),
      ]);
    },
    async delete(requestId) {
      const { name } = (await operations.findByRequestId(requestId))!;
      diary.write({ entry: 'deleting', name });
      await untilAvailable(() => operations.delete(name));
    },
    close: () => operations.close(),
  };
}

/** Writes down each event that is shown, and cancels an operation whose kind wants it. */
async function follow(
  operations: Operations<WorkloadKind>,
  { name, kind: workloadKind, diary }: { name: string; kind: string; diary: Diary },
): Promise<void> {
  for await (const { sequence, kind } of operations.events(name)) {
    diary.write({ entry: 'seen', name, sequence, kind });
    if (workloadKind === 'cancelled' && kind === 'hold done') {
      await untilAvailable(() => operations.cancel(name));
    }
  }
}

/** How many operations of a process are under way at a time: no multiple of the kinds, so that they mix. */
const lanes = 5;
/** More than a page, so that a file cannot take one more operation without growing. */
const requestBytes = 5_000;
const backOffMs = 10;

/** Asks again until the store can do it. */
async function untilAvailable<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof RpcError) || error.code !== Code.UNAVAILABLE) throw error;
      await sleep(backOffMs);
    }
  }
}
