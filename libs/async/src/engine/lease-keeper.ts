import type { Logger } from '@trivium/rpc';
import { LifecycleKind } from '../operation/operation-event.ts';
import type { ClaimedOperation, OperationStore } from '../store/operation-store.ts';
import type { Lease } from '../store/run-changes.ts';

/** What a keeper of leases is made from. */
export interface LeaseKeeperOptions {
  readonly store: OperationStore;
  readonly owner: string;
  readonly kinds: readonly string[];
  readonly leaseMs: number;
  readonly pollMs: number;
  readonly log: Logger;
  /** How many more operations may be claimed now. */
  readonly room: () => number;
  readonly onClaimed: (operation: ClaimedOperation) => void;
  /** Told of what this owner still has, after its leases had run out. */
  readonly onExpired: (held: readonly Lease[]) => void;
  readonly onCancelRequested: (id: string) => void;
  /** Whether an operation is worked on here, or is being accepted. */
  readonly isKnown: (id: string) => boolean;
}

const claimBatch = 256;
const resumed = {
  kind: LifecycleKind.RESUMED,
  description: 'The process that worked on it ended; the work goes on',
};

/**
 * Keeps the leases of one owner: renews them all together, gives up those of runs that cannot go on,
 * claims what nobody holds, and hears of cancellations that other processes were asked for.
 *
 *     idle ── renewed() ──▶ renewing ── claim() ──▶ renewing and claiming ── close() ──▶ left
 *
 * When the store fails it tries again, at first after 100 ms, then ever later up to a third of a
 * lease; one line in the log tells that it failed, and one that it works again.
 */
export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  readonly #toRelease: Lease[] = [];
  #renewed: Promise<void> | undefined;
  #hasRenewed = false;
  #claims = false;
  #hasBacklog = false;
  #hasLostAnswer = false;
  #claiming: Promise<number> | undefined;
  #reserved = 0;
  #timer: NodeJS.Timeout | undefined;
  #poll: NodeJS.Timeout | undefined;
  #failures = 0;
  #isClosed = false;

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
  }

  /** Resolves once this owner has leases that last: to be awaited before the first one is taken. */
  renewed(): Promise<void> {
    return (this.#renewed ??= this.#begin());
  }

  /** Whether this owner has leases that last. */
  get hasRenewed(): boolean {
    return this.#hasRenewed;
  }

  /** Claims what there is room for, and goes on doing so; resolves with how many there were at once. */
  async claim(): Promise<number> {
    await this.renewed();
    this.#claims = true;
    return this.#claimAll();
  }

  /** How much of the room is for what is being claimed now. */
  get reserved(): number {
    return this.#reserved;
  }

  /** Notes that something is on disk that nobody holds, to be claimed when there is room. */
  noteBacklog(): void {
    this.#hasBacklog = true;
    this.nudge();
  }

  /** Says that there may be room for what is on disk. */
  nudge(): void {
    if (!this.#hasBacklog || this.#isClosed || this.#options.room() <= 0) return;
    this.#claimAll().catch((error: unknown) => this.#failed(error));
  }

  /** Gives up a lease, as soon as the store lets it, so that its operation can be claimed anew. */
  giveUp(lease: Lease): void {
    this.#toRelease.push(lease);
    this.#schedule(0);
  }

  /** Notes that the answer to a write was lost, which may have made operations this owner's. */
  noteLostAnswer(): void {
    this.#hasLostAnswer = true;
    this.#schedule(0);
  }

  /** Stops, and gives up all leases. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    clearInterval(this.#poll);
    await this.#claiming?.catch(() => undefined);
    const { store, owner, log } = this.#options;
    if (!this.#renewed) return;
    try {
      await store.leave(owner);
    } catch (err) {
      log.warn(
        { err },
        'the leases of operations could not be given up: they run out by themselves',
      );
    }
  }

  async #begin(): Promise<void> {
    try {
      await this.#renew();
    } catch (error) {
      this.#renewed = undefined;
      throw error;
    }
    this.#hasRenewed = true;
    this.#schedule(this.#options.leaseMs / 3);
    this.#poll = setInterval(() => void this.#pollCancellations(), this.#options.pollMs);
    this.#poll.unref();
  }

  #schedule(delayMs: number): void {
    clearTimeout(this.#timer);
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => void this.#keep(), delayMs);
    this.#timer.unref();
  }

  async #keep(): Promise<void> {
    const { leaseMs, log } = this.#options;
    try {
      await this.#renew();
      const released = await this.#release();
      if (this.#claims || released || this.#hasLostAnswer) await this.#claimAll();
      if (this.#failures > 0) log.info('the store of operations works again');
      this.#failures = 0;
      this.#schedule(this.#toRelease.length > 0 ? 0 : leaseMs / 3);
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Gives up what is to be given up by now; more may come meanwhile, and waits for the next time. */
  async #release(): Promise<boolean> {
    const leases = this.#toRelease.splice(0);
    try {
      await this.#options.store.release(leases);
      return leases.length > 0;
    } catch (error) {
      this.#toRelease.push(...leases);
      throw error;
    }
  }

  #failed(err: unknown): void {
    const { leaseMs, log } = this.#options;
    if (this.#isClosed) return;
    if (this.#failures === 0) {
      log.error({ err }, 'the store of operations cannot be used: it is tried again');
    }
    this.#failures += 1;
    this.#schedule(Math.min(leaseMs / 3, 50 * 2 ** this.#failures));
  }

  async #renew(): Promise<void> {
    const { store, owner, leaseMs, log, onExpired } = this.#options;
    const { hadExpired, held = [] } = await store.renew({ owner, leaseMs });
    if (!hadExpired) return;
    log.warn({ held: held.length }, 'the leases on operations had run out: some may be lost');
    onExpired(held);
  }

  #claimAll(): Promise<number> {
    return (this.#claiming ??= this.#claimBatches().finally(() => (this.#claiming = undefined)));
  }

  async #claimBatches(): Promise<number> {
    const { store, owner, kinds, log, room, onClaimed } = this.#options;
    let total = 0;
    if (this.#hasLostAnswer) {
      await this.#releaseUnknown().catch((error: unknown) => {
        this.#hasLostAnswer = true;
        throw error;
      });
    }
    while (!this.#isClosed && kinds.length > 0) {
      const limit = Math.min(claimBatch, room());
      this.#hasBacklog = limit <= 0;
      if (this.#hasBacklog) break;
      this.#reserved = limit;
      const { claimed, setAside } = await store
        .claim({ owner, kinds, limit, event: resumed })
        .catch((error: unknown) => {
          this.#hasLostAnswer = true;
          throw error;
        })
        .finally(() => (this.#reserved = 0));
      for (const id of setAside) {
        log.error({ operation: id }, 'an operation is damaged: it is set aside');
      }
      for (const operation of claimed) {
        try {
          onClaimed(operation);
        } catch (err) {
          log.error(
            { err, operation: operation.lease.id },
            'an operation cannot be begun: it waits',
          );
        }
      }
      total += claimed.length;
      // What came meanwhile found no room, and waits.
      if (claimed.length + setAside.length < limit && !this.#hasBacklog) break;
    }
    return total;
  }

  /**
   * Gives up what this owner holds and does not know of. It would not work on it, and would keep all
   * others from it for as long as it renews its leases.
   */
  async #releaseUnknown(): Promise<void> {
    const { store, owner, isKnown, log } = this.#options;
    const unknown: Lease[] = [];
    // First, because another answer may be lost meanwhile.
    this.#hasLostAnswer = false;
    for (let before: number | undefined; ;) {
      const page = await store.list({ filter: { done: false }, before, limit: claimBatch });
      for (const { id, number, attempt: token, owner: holder } of page) {
        if (holder === owner && !isKnown(id)) unknown.push({ id, number, owner, token });
      }
      before = page.at(-1)?.number;
      if (page.length < claimBatch) break;
    }
    await store.release(unknown);
    if (unknown.length > 0) {
      log.warn({ count: unknown.length }, 'operations were taken whose answers had been lost');
    }
  }

  async #pollCancellations(): Promise<void> {
    const { store, owner, onCancelRequested } = this.#options;
    try {
      for (const id of await store.cancelRequested(owner)) onCancelRequested(id);
    } catch (error) {
      this.#failed(error);
    }
  }
}
