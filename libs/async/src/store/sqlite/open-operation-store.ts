import { openDatabaseThread, openReader } from '@trivium/sqlite';
import type { DatabaseLog } from '@trivium/sqlite';
import type { OperationStore } from '../operation-store.ts';
import type { StoreCommands } from './commands.ts';
import { applicationId } from './schema.ts';
import { SqliteOperationStore, storeError } from './sqlite-operation-store.ts';

/** How to open the embedded store. */
export interface OperationStoreOptions {
  /** A file of its own, on a local disk; created together with its folder where missing. */
  readonly path: string;
  /** How long to wait for the lock of another process, in milliseconds. Default: 5000. */
  readonly busyTimeoutMs?: number;
  /** Told of migrations and of a failed checkpoint. Default: nobody. */
  readonly log?: DatabaseLog;
  /** The time in milliseconds of the epoch. Default: `Date.now`. */
  readonly clock?: () => number;
}

/**
 * Opens the embedded store: an SQLite file with a write-ahead log and `synchronous=FULL`, read back
 * at open, migrated to the present version. Rejects with `StoreUnavailable`, in one line, for a file
 * that cannot be used, is of another kind or of a newer version, and with `StoreDamaged` for one
 * that is visibly damaged.
 *
 * Several processes of one machine may share the file; not so several machines, by way of a network's
 * file system.
 */
export async function openOperationStore({
  path,
  busyTimeoutMs,
  log,
  clock = Date.now,
}: OperationStoreOptions): Promise<OperationStore> {
  try {
    const writer = await openDatabaseThread<StoreCommands>({
      ...{
        path,
        applicationId,
        checkpointPages: 16_000,
        commands: new URL('./commands.ts', import.meta.url),
        toError: storeError,
      },
      ...(busyTimeoutMs !== undefined && { busyTimeoutMs }),
      ...(log && { log }),
    });
    try {
      const reader = openReader({ path, ...(busyTimeoutMs !== undefined && { busyTimeoutMs }) });
      return new SqliteOperationStore({ writer, reader, clock });
    } catch (error) {
      await writer.close();
      throw error;
    }
  } catch (error) {
    throw storeError(error);
  }
}
