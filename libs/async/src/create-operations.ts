import { detached } from '@trivium/rpc';
import type { Logger } from '@trivium/rpc';
import type { Database } from '@trivium/sqlite';
import { followEvents } from './follow-events.ts';
import { nextPageToken, pageQuery } from './list-page.ts';
import type { ListOptions } from './list-page.ts';
import { newOperationId } from './new-operation-id.ts';
import {
  engineClosed,
  invalidArgument,
  operationNotFound,
  operationUnfinished,
} from './operation-errors.ts';
import type { OperationEvent } from './operation-event.ts';
import { OperationLog } from './operation-log.ts';
import { isOperationId, operationId } from './operation-record.ts';
import type { OperationRecord } from './operation-record.ts';
import { OperationRun } from './operation-run.ts';
import type { OperationPage, Operations, StartOptions } from './operations.ts';
import type { Work } from './running-operation.ts';
import { Wakeups } from './wakeups.ts';

/** What an engine is made from. */
export interface OperationsOptions<Kind extends string> {
  /** A database whose migrations begin with `operationMigrations`. Only this process uses it. */
  readonly database: Database;
  readonly log: Logger;
  /** The work of each kind of operation. A kind stays as long as operations of it are unfinished. */
  readonly kinds: Readonly<Record<Kind, Work>>;
  /** The time in milliseconds of the epoch. Default: `Date.now`. */
  readonly clock?: () => number;
}

/** Creates the engine of one process. What an earlier process left goes on with `resume()`. */
export function createOperations<Kind extends string>(
  options: OperationsOptions<Kind>,
): Operations<Kind> {
  return new OperationEngine(options);
}

const maxRequestIdLength = 200;
// Node turns a longer delay into 1 ms.
const maxTimerMs = 2 ** 31 - 1;

/** Open, then closing: from then on nothing starts, and what runs is being suspended. */
class OperationEngine<Kind extends string> implements Operations<Kind> {
  readonly #kinds: ReadonlyMap<string, Work>;
  readonly #log: Logger;
  readonly #clock: () => number;
  readonly #operationLog: OperationLog;
  readonly #wakeups = new Wakeups();
  readonly #runs = new Map<string, { run: OperationRun; quiet: Promise<void> }>();
  readonly #leftByOthers: readonly { id: string; kind: string }[];
  #resumed: Promise<number> | undefined;
  #closed: Promise<void> | undefined;

  constructor({ database, log, kinds, clock = Date.now }: OperationsOptions<Kind>) {
    this.#kinds = new Map(Object.entries<Work>(kinds));
    this.#log = log;
    this.#clock = clock;
    this.#operationLog = new OperationLog(database, clock);
    // Now, because later it could not be told from what this engine has started.
    this.#leftByOthers = this.#operationLog.unfinished();
  }

  async start({ kind, requestId, request, metadata, id }: StartOptions<Kind>) {
    if (this.#closed) throw engineClosed();
    if (!this.#kinds.has(kind)) throw new TypeError(`There is no kind of operation '${kind}'.`);
    if (requestId === '' || requestId.length > maxRequestIdLength) {
      throw invalidArgument('request_id', `must have 1 to ${maxRequestIdLength} characters`);
    }
    if (id !== undefined && !isOperationId(id)) {
      throw invalidArgument('id', 'must be letters, digits and . _ ~ -, at most 128 of them');
    }
    const { record, isNew } = await this.#operationLog.accept({
      id: id ?? newOperationId(this.#clock()),
      ...{ kind, requestId, request, metadata },
    });
    if (isNew) this.#run(record);
    return record;
  }

  async get(name: string): Promise<OperationRecord> {
    return this.#read(name);
  }

  async findByRequestId(requestId: string): Promise<OperationRecord | undefined> {
    return this.#operationLog.findByRequestId(requestId);
  }

  async list(options: ListOptions = {}): Promise<OperationPage> {
    const query = pageQuery(options);
    const found = this.#operationLog.list({ ...query, limit: query.limit + 1 });
    const page = found.slice(0, query.limit);
    const last = found.length > page.length ? page.at(-1) : undefined;
    return {
      operations: page.map(({ record }) => record),
      nextPageToken: last ? nextPageToken(query, last.number) : '',
    };
  }

  events(
    name: string,
    { after = 0, signal }: { after?: number; signal?: AbortSignal } = {},
  ): AsyncIterable<OperationEvent> {
    const [operationLog, wakeups] = [this.#operationLog, this.#wakeups];
    return followEvents({ name, after, signal, operationLog, wakeups });
  }

  async wait(
    name: string,
    { timeoutMs = Infinity, signal }: { timeoutMs?: number; signal?: AbortSignal } = {},
  ): Promise<OperationRecord> {
    const endsAt = performance.now() + timeoutMs;
    const wakeup = this.#wakeups.listen(operationId(name));
    try {
      for (;;) {
        const record = this.#read(name);
        const leftMs = endsAt - performance.now();
        if (record.result || !(leftMs > 0)) return record;
        const timer =
          leftMs === Infinity
            ? undefined
            : setTimeout(() => wakeup.ring(), Math.min(leftMs, maxTimerMs));
        await wakeup.next(signal).finally(() => clearTimeout(timer));
      }
    } finally {
      wakeup.close();
    }
  }

  async cancel(name: string): Promise<void> {
    const id = operationId(name);
    if (!(await this.#operationLog.requestCancel(id))) throw operationNotFound(name);
    this.#runs.get(id)?.run.cancel();
  }

  async delete(name: string): Promise<void> {
    const outcome = await this.#operationLog.remove(operationId(name));
    if (outcome === 'missing') throw operationNotFound(name);
    if (outcome === 'unfinished') throw operationUnfinished(name);
    this.#wakeups.ring(operationId(name));
  }

  resume(): Promise<number> {
    return (this.#resumed ??= this.#resume());
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  async #resume(): Promise<number> {
    const resumed = await Promise.all(
      this.#leftByOthers.map(async ({ id, kind }) => {
        if (this.#closed) return false;
        if (!this.#kinds.has(kind)) {
          this.#log.error({ operation: id, kind }, 'an operation is of no known kind: it waits');
          return false;
        }
        const record = await this.#operationLog.beginAttempt(id);
        if (record) this.#run(record);
        return record !== undefined;
      }),
    );
    return resumed.filter(Boolean).length;
  }

  #run(record: OperationRecord): void {
    const work = this.#kinds.get(record.kind);
    if (this.#closed || !work) return;
    const { id } = record;
    const onCommit = (): void => this.#wakeups.ring(id);
    const run = new OperationRun({
      record,
      operationLog: this.#operationLog,
      log: this.#log,
      onCommit,
    });
    // Read again: a cancellation may have been written since the record was.
    if (this.#operationLog.get(id)?.cancelRequested) run.cancel();
    const quiet = detached(() => run.start(work)).then(() => void this.#runs.delete(id));
    this.#runs.set(id, { run, quiet });
    onCommit();
  }

  async #close(): Promise<void> {
    const runs = [...this.#runs.values()];
    for (const { run } of runs) run.suspend();
    this.#wakeups.close(engineClosed());
    await Promise.all(runs.map(({ quiet }) => quiet));
  }

  #read(name: string): OperationRecord {
    const record = this.#operationLog.get(operationId(name));
    if (!record) throw operationNotFound(name);
    return record;
  }
}
