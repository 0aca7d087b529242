import { DatabaseUnavailable } from '@trivium/sqlite';
import type { DatabaseReader, DatabaseThread, Sql } from '@trivium/sqlite';
import type { Acceptance, OperationStore, Recorded } from '../operation-store.ts';
import type { Lease, RunChanges, StepChange } from '../run-changes.ts';
import { LeaseLost, StoreDamaged, StoreUnavailable } from '../store-errors.ts';
import type { NewOperation, NewStoredEvent, OperationFilter, StoredOperation } from '../stored.ts';
import type { AcceptInput, RecordInput, StoreCommands } from './commands.ts';
import { toByteText } from './byte-text.ts';
import { incarnation, processHome } from './home.ts';
import { operationChecksum } from './rows.ts';
import { requestHash } from './request-hash.ts';
import { cancelRequested, events, operationBy, operations, steps, unfinished } from './queries.ts';

/**
 * An operation store in one SQLite file: written in a thread of its own, so that no sync holds up
 * the event loop, and read in the caller's, where a read is quicker than a message would be.
 */
export class SqliteOperationStore implements OperationStore {
  readonly #writer: DatabaseThread<StoreCommands>;
  readonly #reader: DatabaseReader;
  readonly #clock: () => number;
  readonly #home = processHome();
  readonly #owners = new Set<string>();

  constructor(options: {
    writer: DatabaseThread<StoreCommands>;
    reader: DatabaseReader;
    clock: () => number;
  }) {
    this.#writer = options.writer;
    this.#reader = options.reader;
    this.#clock = options.clock;
  }

  // Without `async`, which would be a tenth of the memory that a start takes.
  accept(given: NewOperation, { owner }: { owner?: string | undefined }): Promise<Acceptance> {
    const nowMs = this.#clock();
    return this.#writer
      .run('accept', acceptInput(given, owner, nowMs))
      .then((outcome) =>
        typeof outcome === 'number' ? accepted(given, { number: outcome, owner, nowMs }) : outcome,
      );
  }

  async record(lease: Lease, changes: RunChanges): Promise<Recorded> {
    const timeMs = this.#clock();
    const lastSequence = await this.#writer.run('record', recordInput(lease, changes, timeMs));
    if (lastSequence === undefined) throw new LeaseLost(lease);
    return { lastSequence, timeMs };
  }

  async claim(options: Parameters<OperationStore['claim']>[0]) {
    return this.#writer.run('claim', { ...options, nowMs: this.#clock(), ...this.#asking() });
  }

  async renew({ owner, leaseMs }: { owner: string; leaseMs: number }) {
    const nowMs = this.#clock();
    const renewal = await this.#writer.run('renew', { owner, leaseMs, nowMs, ...this.#asking() });
    this.#owners.add(owner);
    return renewal;
  }

  async release(leases: readonly Lease[]): Promise<void> {
    await this.#writer.run('release', { leases });
  }

  async leave(owner: string): Promise<void> {
    await this.#writer.run('leave', { owner });
    this.#owners.delete(owner);
  }

  async requestCancel(id: string) {
    return this.#writer.run('requestCancel', { id, nowMs: this.#clock() });
  }

  async remove(id: string) {
    return this.#writer.run('remove', { id });
  }

  async sweep(options: { endedBeforeMs: number; limit: number }): Promise<number> {
    return this.#writer.run('sweep', { ...options, nowMs: this.#clock() });
  }

  async get(id: string) {
    const nowMs = this.#clock();
    return this.#read((sql) => operationBy(sql, { id, nowMs }));
  }

  async findByRequestId(requestId: string) {
    // By the writer, who knows the newest ones.
    const hash = requestHash(requestId);
    return this.#writer.run('findByRequestId', { requestId, hash, nowMs: this.#clock() });
  }

  async list(options: { filter: OperationFilter; before?: number; limit: number }) {
    const nowMs = this.#clock();
    return this.#read((sql) => operations(sql, { ...options, nowMs }));
  }

  async events(id: string, options: { after: number; limit: number }) {
    return this.#read((sql) => events(sql, { id, ...options }));
  }

  async steps(id: string) {
    return this.#read((sql) => steps(sql, id));
  }

  async cancelRequested(owner: string) {
    return this.#read((sql) => cancelRequested(sql, owner));
  }

  async unfinished() {
    return this.#read(unfinished);
  }

  async close(): Promise<void> {
    // Nobody renews them any more. Should that fail, they run out in their time.
    const ended = this.#writer.run('end', { owners: [...this.#owners] });
    // Before the writer, which moves its log into the file when nobody reads it any more.
    this.#reader.close();
    await Promise.allSettled([ended, this.#writer.close()]);
  }

  #asking() {
    return { home: this.#home, processId: process.pid, incarnation };
  }

  #read<T>(work: (sql: Sql) => T): T {
    try {
      return this.#reader.read(work);
    } catch (error) {
      throw storeError(error);
    }
  }
}

/** What went wrong, in the words of the interface. */
export function storeError(error: unknown): unknown {
  if (error instanceof DatabaseUnavailable) {
    const { message: text, isDamaged } = error;
    const StoreError = isDamaged ? StoreDamaged : StoreUnavailable;
    return new StoreError(text, { cause: error });
  }
  // From another thread an error comes without its class.
  const { message } = error as { message?: string };
  if (message?.startsWith('The store is damaged')) return new StoreDamaged(message);
  return error;
}

/** What was accepted just now. */
function accepted(
  given: NewOperation,
  { number, owner, nowMs }: { number: number; owner: string | undefined; nowMs: number },
): Acceptance {
  const { id, kind, requestId, request, metadata, deadlineMs, traceparent } = given;
  const attempt = owner === undefined ? 0 : 1;
  // Spelled out: what is put together from parts takes thrice the memory, and many are kept.
  const operation: StoredOperation = {
    number,
    id,
    kind,
    requestId,
    request,
    metadata,
    deadlineMs,
    traceparent,
    attempt,
    cancelRequested: false,
    lastSequence: 1,
    createTimeMs: nowMs,
    endTimeMs: undefined,
    response: undefined,
    error: undefined,
    owner,
  };
  if (owner === undefined) return { kind: 'accepted', operation };
  return { kind: 'accepted', operation, lease: { id, number, owner, token: attempt } };
}

function acceptInput(given: NewOperation, owner: string | undefined, nowMs: number): AcceptInput {
  const { id, kind, requestId, request, event } = given;
  const { deadlineMs: deadline_ms = null, traceparent = null } = given;
  const request_hash = requestHash(requestId);
  const crc = operationChecksum({
    id,
    request_id: requestId,
    request_hash,
    kind,
    create_time_ms: nowMs,
    deadline_ms,
    traceparent,
    first_kind: event.kind,
    first_description: event.description,
    request,
  });
  return [
    nowMs,
    owner ?? null,
    id,
    kind,
    requestId,
    request_hash,
    toByteText(request),
    toByteText(given.metadata),
    deadline_ms,
    traceparent,
    event.kind,
    event.description,
    crc,
  ];
}

const nothing: readonly unknown[] = [];

function recordInput(lease: Lease, changes: RunChanges, nowMs: number): RecordInput {
  const { events, steps, metadata, end } = changes;
  return [
    nowMs,
    lease.id,
    lease.number,
    lease.token,
    lease.owner,
    events ? events.flatMap(eventRow) : nothing,
    steps ? steps.flatMap(stepRow) : nothing,
    toByteText(metadata),
    end ? end.kind : null,
    end ? end.description : null,
    toByteText(end?.response),
    toByteText(end?.error),
  ];
}

function eventRow(event: NewStoredEvent): unknown[] {
  const { kind, description, attempt, payload, error } = event;
  return [kind, description, attempt, toByteText(payload), toByteText(error)];
}

function stepRow(step: StepChange): unknown[] {
  const { id, attempt, startTimeMs, description, value, error } = step;
  return [id, attempt, startTimeMs, description ?? null, toByteText(value), toByteText(error)];
}
