import { hostname } from 'node:os';
import type { OperationDescription } from '@trivium/contracts/trivium/operations/v1/operation_log';
import type { Logger } from '@trivium/rpc';
import { toEvent, toRecord } from '../operation/from-stored.ts';
import { newOperationId } from '../operation/new-operation-id.ts';
import {
  engineClosed,
  operationIdTaken,
  operationNotFound,
  operationUnfinished,
  requestIdReused,
} from '../operation/operation-errors.ts';
import { operationId, operationName } from '../operation/operation-record.ts';
import type { OperationRecord } from '../operation/operation-record.ts';
import { nextPageToken, pageQuery } from '../service/list-page.ts';
import type { ListOptions } from '../service/list-page.ts';
import type { Acceptance, OperationStore } from '../store/operation-store.ts';
import { StoreUnavailable } from '../store/store-errors.ts';
import type { NewOperation, StoredOperation } from '../store/stored.ts';
import { newOperation } from './new-operation.ts';
import { callerStore, rpcErrorOf } from './caller-store.ts';
import type { CallerStore } from './caller-store.ts';
import { describeOperation, storedWaiting } from './describe-operation.ts';
import type { OperationEvents } from './event-reader.ts';
import { EventTails } from './event-tails.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import { startTimer } from './long-timer.ts';
import type { OperationPage, Operations, StartOptions } from './operations.ts';
import { startRetention } from './retention.ts';
import type { Work } from './running-operation.ts';
import type { OperationRun } from './operation-run.ts';
import { Runs } from './runs.ts';
import type { AroundAttempt } from './runs.ts';
import { TransientMap } from './transient-map.ts';
import { Wakeups } from './wakeups.ts';

/** What an engine is made from. */
export interface OperationsOptions<Kind extends string> {
  /** Where operations are kept, such as that of `openOperationStore`. The engine does not close it. */
  readonly store: OperationStore;
  readonly log: Logger;
  /** The work of each kind of operation. A kind stays as long as operations of it are unfinished. */
  readonly kinds: Readonly<Record<Kind, Work>>;
  /** The most operations that are worked on at a time; others wait on disk. Default: 10,000. */
  readonly maxRunning?: number;
  /**
   * How long the operations of a process that does not answer stay its own, in milliseconds: three
   * times what it may ever stand still. Default: 10,000.
   */
  readonly leaseMs?: number;
  /** How long an operation is kept after its end, in milliseconds. Default: 7 days. */
  readonly retentionMs?: number;
  /** How often to look for what is to be deleted, in milliseconds. Default: 60,000. */
  readonly sweepMs?: number;
  /** How often to look for what other processes did to operations, in milliseconds. Default: 200. */
  readonly pollMs?: number;
  /**
   * How long steps that may not be repeated have to end by themselves when the engine closes, in
   * milliseconds. Default: 5,000.
   */
  readonly graceMs?: number;
  /** Stands around each attempt. Default: nothing. */
  readonly aroundAttempt?: AroundAttempt;
  /** The time in milliseconds of the epoch. Default: `Date.now`. */
  readonly clock?: () => number;
}

const weekMs = 7 * 24 * 3_600_000;

/** Creates the engine of one process. What an earlier process left goes on with `resume()`. */
export function createOperations<Kind extends string>(
  options: OperationsOptions<Kind>,
): Operations<Kind> {
  return new OperationEngine(options);
}

/** Open, then closing: from then on nothing starts, and what runs is being suspended. */
class OperationEngine<Kind extends string> implements Operations<Kind> {
  readonly #kinds: ReadonlyMap<string, Work>;
  readonly #log: Logger;
  readonly #clock: () => number;
  readonly #store: OperationStore;
  readonly #forCallers: CallerStore;
  readonly #owner: string;
  readonly #wakeups = new Wakeups();
  /** The ids of operations that are being accepted now. */
  readonly #accepting = new TransientMap<string, true>();
  readonly #tails: EventTails;
  readonly #runs: Runs;
  readonly #keeper: LeaseKeeper;
  readonly #retention: { stop(): Promise<void> };
  readonly #graceMs: number;
  readonly #poll: NodeJS.Timeout;
  #resumed: Promise<number> | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: OperationsOptions<Kind>) {
    const { store, log, kinds, clock = Date.now, pollMs = 200 } = options;
    const { maxRunning = 10_000, leaseMs = 10_000, aroundAttempt } = options;
    const { retentionMs = weekMs, sweepMs: intervalMs = 60_000 } = options;
    this.#graceMs = options.graceMs ?? 5_000;
    this.#kinds = new Map(Object.entries<Work>(kinds));
    this.#log = log;
    this.#clock = clock;
    this.#store = store;
    this.#forCallers = callerStore(store, log);
    this.#tails = new EventTails({
      wakeups: this.#wakeups,
      read: async (id, place) => {
        const page = await this.#forCallers.events(id, place);
        return (
          page && { ...page, events: page.events.map((stored) => this.#decoded(toEvent, stored)) }
        );
      },
    });
    this.#owner = `${hostname()}/${process.pid}/${newOperationId(clock())}`;
    this.#keeper = new LeaseKeeper({
      ...{ store, owner: this.#owner, kinds: [...this.#kinds.keys()], leaseMs, pollMs, log },
      room: () => this.#room,
      onClaimed: (claimed) => {
        this.#runs.start(claimed);
        this.#wakeups.ring(claimed.operation.id);
      },
      onExpired: (held) => this.#runs.keepOnly(held),
      onCancelRequested: (id) => this.#runs.get(id)?.cancel(),
      isKnown: (id) => this.#accepting.get(id) !== undefined || this.#runs.get(id) !== undefined,
    });
    this.#runs = new Runs({
      ...{ store, log, kinds: this.#kinds, maxRunning, clock, aroundAttempt },
      onCommit: (id) => this.#wakeups.ring(id),
      onGivenUp: (lease) => this.#keeper.giveUp(lease),
      onRoom: () => this.#keeper.nudge(),
    });
    this.#retention = startRetention({ store, retentionMs, intervalMs, clock, log });
    this.#poll = setInterval(() => this.#ringForOthers(), pollMs);
    this.#poll.unref();
  }

  // Without `async`, which would be a tenth of the memory that a start takes.
  start(options: StartOptions<Kind>): Promise<OperationRecord> {
    try {
      if (this.#closed) throw engineClosed();
      const { kind } = options;
      if (!this.#kinds.has(kind)) throw new TypeError(`There is no kind of operation '${kind}'.`);
      const operation = newOperation(options, this.#clock());
      if (this.#keeper.hasRenewed) return this.#accept(operation);
      return this.#leases().then(() => this.#accept(operation));
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  #accept(operation: NewOperation): Promise<OperationRecord> {
    if (this.#closed) throw engineClosed();
    const { id } = operation;
    // Without room it waits on disk, for this process or another one.
    const owner = this.#room > this.#keeper.reserved ? this.#owner : undefined;
    this.#accepting.set(id, true);
    return this.#store.accept(operation, { owner }).then(
      (accepted) => {
        this.#accepting.delete(id);
        // The room that it might have needed.
        if (accepted.kind !== 'accepted') this.#keeper.nudge();
        return this.#accepted(accepted);
      },
      (error: unknown) => {
        this.#accepting.delete(id);
        if (error instanceof StoreUnavailable) this.#keeper.noteLostAnswer();
        else this.#keeper.nudge();
        throw rpcErrorOf(error, this.#log);
      },
    );
  }

  #accepted(accepted: Acceptance): OperationRecord {
    const { operation: stored } = accepted;
    if (accepted.kind === 'request-id-reused')
      throw requestIdReused(stored.requestId, operationName(stored.id));
    if (accepted.kind === 'id-taken') throw operationIdTaken(operationName(stored.id));
    if (accepted.kind === 'accepted') {
      if (accepted.lease && !this.#closed) {
        return this.#runs.start({ operation: stored, lease: accepted.lease });
      }
      this.#keeper.noteBacklog();
    }
    return this.#record(stored);
  }

  async get(name: string): Promise<OperationRecord> {
    return this.#read(name);
  }

  async findByRequestId(requestId: string): Promise<OperationRecord | undefined> {
    const stored = await this.#forCallers.findByRequestId(requestId);
    return stored && this.#record(stored);
  }

  async list(options: ListOptions = {}): Promise<OperationPage> {
    const query = pageQuery(options);
    const { before, limit, ...filter } = query;
    const found = await this.#forCallers.list({ filter, before, limit: limit + 1 });
    const page = found.slice(0, limit);
    const last = found.length > page.length ? page.at(-1) : undefined;
    return {
      operations: page.map((stored) => this.#record(stored)),
      nextPageToken: last ? nextPageToken(query, last.number) : '',
    };
  }

  async describe(name: string): Promise<OperationDescription> {
    const record = await this.#read(name);
    const run = this.#runs.get(record.id);
    if (run && !record.result) return describeOperation(record, run.waitingFor);
    const steps = record.result ? [] : await this.#forCallers.steps(record.id);
    return describeOperation(record, storedWaiting(record, steps));
  }

  events(name: string, options: { after?: number; signal?: AbortSignal } = {}): OperationEvents {
    return this.#tails.follow(name, options);
  }

  async wait(
    name: string,
    { timeoutMs = Infinity, signal }: { timeoutMs?: number; signal?: AbortSignal } = {},
  ): Promise<OperationRecord> {
    const endsAt = performance.now() + timeoutMs;
    const id = operationId(name);
    const wakeup = this.#wakeups.listen(id);
    let run: OperationRun | undefined;
    try {
      for (;;) {
        // An operation that runs here tells of its end by itself.
        const running = this.#runs.get(id);
        run = running ?? run;
        const record = run?.ended ?? (running ? undefined : await this.#read(name));
        if (record?.result) return record;
        const leftMs = endsAt - performance.now();
        if (!(leftMs > 0)) return record ?? (await this.#read(name));
        if (leftMs === Infinity) {
          await wakeup.next(signal);
        } else {
          const timer = startTimer(leftMs, () => wakeup.ring());
          await wakeup.next(signal).finally(() => timer.stop());
        }
      }
    } finally {
      wakeup.close();
    }
  }

  async cancel(name: string): Promise<void> {
    const id = operationId(name);
    if (!(await this.#forCallers.requestCancel(id))) throw operationNotFound(name);
    this.#runs.get(id)?.cancel();
  }

  async delete(name: string): Promise<void> {
    const outcome = await this.#forCallers.remove(operationId(name));
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
    for (const { kind, count } of await this.#forCallers.unfinished()) {
      if (this.#kinds.has(kind)) continue;
      this.#log.error({ kind, count }, 'operations are of no known kind: they wait');
    }
    await this.#leases();
    return this.#keeper.claim();
  }

  async #leases(): Promise<void> {
    try {
      await this.#keeper.renewed();
    } catch (error) {
      throw rpcErrorOf(error, this.#log);
    }
  }

  async #close(): Promise<void> {
    clearInterval(this.#poll);
    this.#wakeups.close(engineClosed());
    await Promise.all([this.#runs.close({ graceMs: this.#graceMs }), this.#retention.stop()]);
    await this.#keeper.close();
  }

  /** How many more operations this process takes: those that are being accepted are on their way. */
  get #room(): number {
    return this.#runs.room - this.#accepting.size;
  }

  /** What other processes do to operations is seen only by a look at the store. */
  #ringForOthers(): void {
    for (const id of this.#wakeups.listenedTo()) {
      if (!this.#runs.get(id)) this.#wakeups.ring(id);
    }
  }

  async #read(name: string): Promise<OperationRecord> {
    const stored = await this.#forCallers.get(operationId(name));
    if (!stored) throw operationNotFound(name);
    return this.#record(stored);
  }

  #record(stored: StoredOperation): OperationRecord {
    return this.#decoded(toRecord, stored);
  }

  #decoded<Stored, T>(decode: (stored: Stored) => T, stored: Stored): T {
    try {
      return decode(stored);
    } catch (error) {
      throw rpcErrorOf(error, this.#log);
    }
  }
}
