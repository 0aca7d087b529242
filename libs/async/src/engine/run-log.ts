import { RpcError } from '@trivium/rpc';
import type { Logger, Code } from '@trivium/rpc';
import { toStatus } from '../operation/from-stored.ts';
import type { OperationStore, Recorded } from '../store/operation-store.ts';
import type { Lease, RunChanges, StepChange } from '../store/run-changes.ts';
import { LeaseLost, StoreDamaged } from '../store/store-errors.ts';

/** Whose log it is. */
export interface RunLogOwner {
  readonly store: OperationStore;
  readonly lease: Lease;
  readonly log: Logger;
  /** Told after each commit, since watchers may want to read. */
  onCommit(): void;
  /** Told once, when nothing more can be written. */
  onFailure(failure: RunFailure): void;
}

/**
 * Why a run cannot go on: its lease is somebody else's, the store cannot be used now, or it is
 * damaged, which no waiting mends.
 */
export type RunFailure = 'lease lost' | 'store unavailable' | 'store damaged';

/** What a run reads and writes of its operation: the steps, by their ids, and everything through its lease. */
export class RunLog {
  readonly #owner: RunLogOwner;
  #steps: Map<string, StepChange> | undefined;
  #loading: Promise<void> | undefined;
  #isLoaded: boolean;
  #metadata: Uint8Array | undefined;
  #hasFailed = false;

  constructor(owner: RunLogOwner) {
    this.#owner = owner;
    // Before the first attempt there was none that could have recorded anything.
    this.#isLoaded = owner.lease.token === 1;
  }

  /** What is known of a step. */
  async step(id: string): Promise<StepChange | undefined> {
    if (!this.#isLoaded) await (this.#loading ??= this.#load());
    return this.#steps?.get(id);
  }

  /** The metadata that was recorded last; undefined if none was. */
  get metadata(): Uint8Array | undefined {
    return this.#metadata;
  }

  /** Writes changes; resolves once they are on disk. */
  async record(changes: RunChanges): Promise<Recorded> {
    const { store, lease } = this.#owner;
    try {
      const recorded = await store.record(lease, changes);
      if (changes.metadata) this.#metadata = changes.metadata;
      for (const step of changes.steps ?? []) (this.#steps ??= new Map()).set(step.id, step);
      // Of the end its run tells, when it knows of it itself.
      if (!changes.end) this.#owner.onCommit();
      return recorded;
    } catch (error) {
      throw this.fail(error);
    }
  }

  /** Says once why nothing more can be written. Without its log an operation cannot go on. */
  fail(error: unknown): unknown {
    if (this.#hasFailed) return error;
    this.#hasFailed = true;
    const { log, lease } = this.#owner;
    if (error instanceof LeaseLost) {
      const { token } = lease;
      log.warn({ token }, 'the lease on an operation is lost: this attempt stands still');
      this.#owner.onFailure('lease lost');
    } else if (error instanceof StoreDamaged) {
      log.error({ err: error }, 'an operation stands still, for what is stored of it is damaged');
      this.#owner.onFailure('store damaged');
    } else {
      log.error({ err: error }, 'an operation stands still until its store can be written again');
      this.#owner.onFailure('store unavailable');
    }
    return error;
  }

  async #load(): Promise<void> {
    const { store, lease } = this.#owner;
    try {
      for (const step of await store.steps(lease.id))
        (this.#steps ??= new Map()).set(step.id, step);
      this.#isLoaded = true;
    } catch (error) {
      throw this.fail(error);
    }
  }
}

/** The recorded failure of a step, as it was thrown. */
export function recordedError(bytes: Uint8Array): RpcError {
  const { code, message, details } = toStatus(bytes);
  return new RpcError(code as Code, message, { details });
}
