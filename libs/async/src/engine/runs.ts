import { detached } from '@trivium/rpc';
import type { Logger } from '@trivium/rpc';
import type { Any } from '@trivium/contracts/google/protobuf/any';
import { toRecord } from '../operation/from-stored.ts';
import type { OperationRecord } from '../operation/operation-record.ts';
import type { ClaimedOperation, OperationStore } from '../store/operation-store.ts';
import type { Lease } from '../store/run-changes.ts';
import { startTimer } from './long-timer.ts';
import { OperationRun } from './operation-run.ts';
import type { RunningOperation, Work } from './running-operation.ts';

/** One attempt to do an operation's work, as it begins. */
export type Attempt = Pick<RunningOperation, 'name' | 'kind' | 'attempt' | 'traceparent'>;

/** Stands around each attempt, such as a span of its own; gives what the attempt gives. */
export type AroundAttempt = (attempt: Attempt, run: () => Promise<Any>) => Promise<Any>;

/** What the runs of an engine are made from. */
export interface RunsOptions {
  readonly store: OperationStore;
  readonly log: Logger;
  readonly kinds: ReadonlyMap<string, Work>;
  readonly maxRunning: number;
  readonly clock: () => number;
  readonly aroundAttempt?: AroundAttempt;
  /** Told after each commit of a run. */
  readonly onCommit: (id: string) => void;
  /** Told when a run cannot go on, but another one could. */
  readonly onGivenUp: (lease: Lease) => void;
  /** Told when a run has ended, so that there is room for another one. */
  readonly onRoom: () => void;
}

interface Running {
  readonly run: OperationRun;
  readonly quiet: Promise<void>;
}

/** The operations that this process works on now. */
export class Runs {
  readonly #options: RunsOptions;
  readonly #running = new Map<string, Running>();
  #starting = 0;

  constructor(options: RunsOptions) {
    this.#options = options;
  }

  /** How many more there may be. */
  get room(): number {
    return this.#options.maxRunning - this.#running.size - this.#starting;
  }

  /** The run of an operation, if it is worked on here. */
  get(id: string): OperationRun | undefined {
    return this.#running.get(id)?.run;
  }

  /** Keeps a place while an operation is being accepted. */
  async reserving<T>(accept: () => Promise<T>): Promise<T> {
    this.#starting += 1;
    try {
      return await accept();
    } finally {
      this.#starting -= 1;
    }
  }

  /** Begins an attempt, and gives the operation as it is then. */
  start({ operation, lease }: ClaimedOperation): OperationRecord {
    const { store, log, kinds, clock, onCommit, onGivenUp, onRoom } = this.#options;
    const { id } = operation;
    const run = new OperationRun({
      ...{ record: toRecord(operation), lease, store, log },
      onCommit: () => onCommit(id),
      onFailure: (failure) => {
        if (failure === 'store unavailable') onGivenUp(lease);
      },
    });
    if (operation.cancelRequested) run.cancel();
    const { deadlineMs } = operation;
    const leftMs = deadlineMs === undefined ? Infinity : deadlineMs - clock();
    if (leftMs <= 0) run.expire();
    const deadline = leftMs === Infinity ? undefined : startTimer(leftMs, () => run.expire());
    const quiet = detached(() => run.start(this.#around(kinds.get(operation.kind)!))).then(() => {
      deadline?.stop();
      if (this.#running.get(id)?.run === run) this.#running.delete(id);
      onRoom();
    });
    this.#running.set(id, { run, quiet });
    return run.record;
  }

  /** Stops the runs whose leases are not among these. */
  keepOnly(leases: readonly Lease[]): void {
    const held = new Map(leases.map(({ id, token }) => [id, token]));
    for (const { run } of this.#running.values()) {
      if (held.get(run.id) !== run.lease.token) run.loseLease();
    }
  }

  /**
   * Suspends all; resolves once none does anything any more. Steps that may not be repeated have
   * `graceMs` to end by themselves.
   */
  async close({ graceMs }: { graceMs: number }): Promise<void> {
    const running = [...this.#running.values()];
    for (const { run } of running) run.suspend();
    const grace = setTimeout(() => {
      for (const { run } of running) run.abandon();
    }, graceMs);
    await Promise.all(running.map(({ quiet }) => quiet));
    clearTimeout(grace);
  }

  #around(work: Work): Work {
    const { aroundAttempt } = this.#options;
    return aroundAttempt ? (operation) => aroundAttempt(operation, () => work(operation)) : work;
  }
}
