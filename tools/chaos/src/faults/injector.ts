import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceProcess } from '@trivium/shop';
import type { Fault } from '../plan/fault-plan.ts';
import type { Target } from '../plan/target.ts';

/** What faults are done to. */
export interface Victims {
  service(name: Target): Pick<ServiceProcess, 'pid' | 'kill'>;
  /** Kills it, if it still runs, and starts it again in the same place. */
  restart(name: Target): Promise<unknown>;
}

/** What an injector works with. */
export interface InjectorOptions {
  readonly shop: Victims;
  readonly faults: readonly Fault[];
  /** Aborting it leaves out the faults that have not come yet. */
  readonly signal: AbortSignal;
  readonly onFault: (fault: Fault) => void;
}

/**
 * Does the planned faults, each when the traffic has come to its order: those of one service one after the other, since
 * there has to be a process to kill; those of several at once.
 */
export class Injector {
  /** Services that did not come back, with what they said. */
  readonly notBack: string[] = [];
  readonly #options: InjectorOptions;
  readonly #waiting: Fault[];
  readonly #last = new Map<Target, Promise<void>>();
  readonly #done: { readonly atOrder: number; readonly done: Promise<void> }[] = [];

  constructor(options: InjectorOptions) {
    this.#options = options;
    this.#waiting = [...options.faults].sort((a, b) => a.atOrder - b.atOrder);
  }

  /** Tells that so many orders have been sent: the faults that are due are on their way. */
  reach(order: number): void {
    while (this.#waiting[0] && this.#waiting[0].atOrder <= order) {
      const fault = this.#waiting.shift()!;
      const before = this.#last.get(fault.service) ?? Promise.resolve();
      const { promise: done, resolve } = Promise.withResolvers<void>();
      const after = before.then(() => this.#inject(fault, resolve)).finally(resolve);
      this.#last.set(fault.service, after);
      this.#done.push({ atOrder: fault.atOrder, done });
    }
  }

  /** Resolves once the faults up to an order have struck, although their victims may not be back yet. */
  async struck(order: number): Promise<void> {
    while (this.#done[0] && this.#done[0].atOrder <= order) {
      await this.#done[0].done;
      // Another one that waited for the same may have taken it by now.
      while (this.#done[0] && this.#done[0].atOrder <= order) this.#done.shift();
    }
  }

  /** Resolves once every fault has struck and every service is back. */
  async settled(): Promise<void> {
    this.reach(Infinity);
    await Promise.all(this.#last.values());
  }

  async #inject(fault: Fault, struck: () => void): Promise<void> {
    const { shop, signal, onFault } = this.#options;
    const { service, kind, delayMs, pauseMs } = fault;
    await sleep(delayMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted || this.notBack.length > 0) return;
    try {
      if (kind === 'kill') {
        await shop.service(service).kill();
        onFault(fault);
        struck();
        await shop.restart(service);
      } else {
        const { pid } = shop.service(service);
        process.kill(pid, 'SIGSTOP');
        onFault(fault);
        struck();
        await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
        process.kill(pid, 'SIGCONT');
      }
    } catch (error) {
      this.notBack.push(`${service}: ${(error as Error).message}`);
    }
  }
}
