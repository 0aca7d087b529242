import type { ChannelOptions } from '@trivium/rpc';
import type { Pick } from './balanced-call.ts';
import type { HealthOptions, ReplicaState, ReplicaStatus } from './replica.ts';
import { Replica } from './replica.ts';

/** What a set of replicas is made from. */
export interface ReplicaSetOptions {
  readonly channel: ChannelOptions;
  readonly health: HealthOptions;
  readonly onReplicaChange: (status: ReplicaStatus) => void;
}

/** The replicas of a service, and which of them takes the next call. */
export class ReplicaSet {
  readonly #options: ReplicaSetOptions;
  readonly #replicas = new Map<string, Replica>();
  readonly #listeners = new Set<() => void>();
  #serving: readonly Replica[] = [];
  #turn = 0;
  /** Why there is no replica, if there is none. */
  #whyEmpty = 'its addresses are not known yet';
  #mayFill = true;

  constructor(options: ReplicaSetOptions) {
    this.#options = options;
  }

  /**
   * Opens what is new in the list, and closes what is no longer in it; open calls may finish. Throws
   * a TypeError for an address that is none, and keeps what there was.
   */
  update(addresses: readonly string[]): void {
    for (const address of addresses) {
      if (!this.#replicas.has(address)) this.#replicas.set(address, this.#open(address));
    }
    for (const [address, replica] of this.#replicas) {
      if (addresses.includes(address)) continue;
      this.#replicas.delete(address);
      replica.close();
    }
    this.cannotFill('there is no address');
  }

  /** Has calls fail for this reason while there is no replica. */
  cannotFill(reason: string): void {
    this.#whyEmpty = reason;
    this.#mayFill = false;
    this.#changed();
  }

  /** The next in turn of those that serve. */
  pick(): Pick {
    if (this.#serving.length > 0) return { to: this.#next(this.#serving) };
    if (this.#mayFill || this.#in('connecting').length > 0) return { wait: true };
    // Better one that has failed than none.
    const ejected = this.#in('ejected');
    return ejected.length > 0 ? { to: this.#next(ejected) } : { reason: this.#whyNone() };
  }

  /** Runs the listener when another pick may have another outcome. Returns what takes it back. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    for (const replica of this.#replicas.values()) replica.close();
    this.#replicas.clear();
    this.#changed();
  }

  #open(address: string): Replica {
    const { onReplicaChange, ...options } = this.#options;
    return new Replica({
      ...options,
      address,
      maySuspect: () => this.#maySuspect(),
      onChange: (status) => {
        this.#changed();
        onReplicaChange(status);
      },
    });
  }

  /** Never more than half, nor the last: when calls fail everywhere, no replica is to blame. */
  #maySuspect(): boolean {
    const suspected = [...this.#replicas.values()].filter(({ isSuspected }) => isSuspected);
    return suspected.length + 1 <= this.#replicas.size / 2 && this.#serving.length > 1;
  }

  #in(state: ReplicaState): Replica[] {
    return [...this.#replicas.values()].filter(({ status }) => status.state === state);
  }

  #next(among: readonly Replica[]): Replica {
    this.#turn = (this.#turn + 1) % among.length;
    return among[this.#turn]!;
  }

  #changed(): void {
    this.#serving = this.#in('serving');
    for (const listener of [...this.#listeners]) listener();
  }

  #whyNone(): string {
    const reasons = Array.from(
      this.#replicas.values(),
      ({ status: { address, state, reason } }) => `${address} is ${state}: ${reason}`,
    );
    return `No replica can take the call (${reasons.join('; ') || this.#whyEmpty})`;
  }
}
