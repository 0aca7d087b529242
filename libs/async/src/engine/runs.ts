import { detached } from '@trivium/rpc';
import type { Logger } from '@trivium/rpc';
import type { Any } from '@trivium/contracts/google/protobuf/any';
import { toRecord } from '../operation/from-stored.ts';
import type { OperationRecord } from '../operation/operation-record.ts';
import type { ClaimedOperation, OperationStore } from '../store/operation-store.ts';
import type { Lease } from '../store/run-changes.ts';
import { OperationRun } from './operation-run.ts';
import { TransientMap } from './transient-map.ts';
import type { RunHost } from './run-host.ts';
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

/** The operations that this process works on now. */
export class Runs {
  readonly #options: RunsOptions;
  readonly #host: RunHost;
  readonly #running = new TransientMap<string, OperationRun>();
  #onNone: (() => void) | undefined;

  constructor(options: RunsOptions) {
    this.#options = options;
    const { store, log, clock } = options;
    this.#host = {
      ...{ store, log, clock },
      onCommit: ({ id }) => options.onCommit(id),
      onFailure: ({ lease }, failure) => {
        if (failure === 'store unavailable') options.onGivenUp(lease);
      },
      onQuiet: (run) => this.#forget(run),
    };
  }

  /** How many more there may be. */
  get room(): number {
    return this.#options.maxRunning - this.#running.size;
  }

  /** The run of an operation, if it is worked on here. */
  get(id: string): OperationRun | undefined {
    return this.#running.get(id);
  }

  /** Begins an attempt, and gives the operation as it is then. */
  start({ operation, lease }: ClaimedOperation): OperationRecord {
    const record = toRecord(operation);
    const run = new OperationRun(operation, { lease, host: this.#host });
    this.#running.set(run.id, run);
    detached(() => run.start(this.#around(this.#options.kinds.get(run.kind)!)));
    return record;
  }

  /** Stops the runs whose leases are not among these. */
  keepOnly(leases: readonly Lease[]): void {
    const held = new Map(leases.map(({ id, token }) => [id, token]));
    for (const run of this.#running.values()) {
      if (held.get(run.id) !== run.lease.token) run.loseLease();
    }
  }

  /**
   * Suspends all; resolves once none does anything any more. Steps that may not be repeated have
   * `graceMs` to end by themselves.
   */
  async close({ graceMs }: { graceMs: number }): Promise<void> {
    const running = [...this.#running.values()];
    const none = new Promise<void>((resolve) => (this.#onNone = resolve));
    for (const run of running) run.suspend();
    const grace = setTimeout(() => {
      for (const run of running) run.abandon();
    }, graceMs);
    if (this.#running.size > 0) await none;
    clearTimeout(grace);
  }

  #forget(run: OperationRun): void {
    // Another attempt may have begun since this one lost its lease.
    if (this.#running.get(run.id) === run) this.#running.delete(run.id);
    this.#options.onRoom();
    if (this.#running.size === 0) this.#onNone?.();
  }

  #around(work: Work): Work {
    const { aroundAttempt } = this.#options;
    return aroundAttempt ? (operation) => aroundAttempt(operation, () => work(operation)) : work;
  }
}
