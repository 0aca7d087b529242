import { setTimeout as delay } from 'node:timers/promises';
import { type Channel, type Logger, RpcError, detached } from '@trivium/rpc';
import { openBalancedChannel } from '@trivium/sync';
import type { BackendEntry } from '../file/services-file.ts';
import { credentialsOf } from './credentials.ts';
import type { Contract } from './contract.ts';
import { discover } from './discover.ts';

/** What a backend is made from. */
export interface BackendOptions {
  readonly entry: BackendEntry;
  /** Where the paths of the entry's TLS files begin. */
  readonly folder: string;
  readonly maxMessageBytes: number;
  readonly log: Logger;
  /** Told when what the backend offers has become known, or has changed. */
  readonly onContract: () => void;
}

const DISCOVERY_TIMEOUT_MS = 10_000;
const INITIAL_BACK_OFF_MS = 100;
const MAX_BACK_OFF_MS = 5_000;
/** What many failing calls ask for at the same time is asked once. */
const MIN_INTERVAL_MS = 250;

/**
 * A registered backend: the way to it, and what it offers, as far as that is known.
 *
 *     unknown --up, and its reflection answers--> known
 *     unknown --down, or it has no reflection---> unknown: tried again, with a back-off
 *     known ----reconnected, an interval, asked-> known: with the new contract, if it is another
 *     known ----down, or it has no reflection---> known: the contract stays
 */
export class Backend {
  readonly entry: BackendEntry;
  readonly channel: Channel;
  readonly #options: BackendOptions;
  readonly #log: Logger;
  readonly #closing = new AbortController();
  #contract: Contract | undefined;
  #trouble: string | undefined = 'it has not been reached yet';
  #discovery: Promise<void> | undefined;
  #lastAskedMs = -Infinity;
  #wake = Promise.withResolvers<void>();
  readonly #asked = Promise.withResolvers<void>();

  constructor(options: BackendOptions) {
    const { entry, folder, maxMessageBytes, log } = options;
    this.entry = entry;
    this.#options = options;
    this.#log = log.child({ backend: entry.name });
    const credentials = entry.tls && credentialsOf(entry.tls, folder);
    this.channel = openBalancedChannel(entry.addresses, {
      name: entry.name,
      maxMessageBytes,
      ...(credentials && { credentials }),
      // A backend that is back may be another version of itself.
      onReplicaChange: ({ state }) => {
        if (state === 'serving') this.#wake.resolve();
      },
    });
    detached(() => void this.#keepDiscovering());
  }

  /** What it offers; undefined until it has told. */
  get contract(): Contract | undefined {
    return this.#contract;
  }

  /** Why it is not known what it offers now; undefined when it is. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** Resolves once it has told what it offers, or has failed to. */
  get asked(): Promise<void> {
    return this.#asked.promise;
  }

  /** Asks it anew what it offers, unless that was just done; resolves when it has answered or failed to. */
  async refresh(): Promise<void> {
    if (!this.#discovery && performance.now() - this.#lastAskedMs < MIN_INTERVAL_MS) return;
    await detached(() => this.#discover());
  }

  /** Open calls may finish. */
  close(): void {
    this.#closing.abort();
    this.channel.close();
  }

  async #keepDiscovering(): Promise<void> {
    const { signal } = this.#closing;
    let backOffMs = INITIAL_BACK_OFF_MS;
    while (!signal.aborted) {
      this.#wake = Promise.withResolvers();
      await this.#discover();
      const isKnown = this.#trouble === undefined;
      const pauseMs = isKnown ? this.entry.refreshMs : (0.5 + Math.random() / 2) * backOffMs;
      backOffMs = isKnown ? INITIAL_BACK_OFF_MS : Math.min(MAX_BACK_OFF_MS, 2 * backOffMs);
      const pause = new AbortController();
      const until = AbortSignal.any([signal, pause.signal]);
      const timer = delay(pauseMs, undefined, { signal: until, ref: false }).catch(() => undefined);
      await Promise.race([timer, this.#wake.promise]);
      pause.abort();
    }
  }

  #discover(): Promise<void> {
    return (this.#discovery ??= this.#ask().finally(() => {
      this.#lastAskedMs = performance.now();
      this.#discovery = undefined;
      this.#asked.resolve();
    }));
  }

  async #ask(): Promise<void> {
    const options = { signal: this.#closing.signal, timeoutMs: DISCOVERY_TIMEOUT_MS };
    try {
      this.#accept(await discover(this.channel, options));
    } catch (caught) {
      if (options.signal.aborted) return;
      const error = RpcError.from(caught);
      if (this.#trouble !== error.message) {
        this.#log.warn(
          { reason: error.message },
          'what the backend offers cannot be found out now',
        );
      }
      this.#trouble = error.message;
    }
  }

  #accept(contract: Contract): void {
    this.#trouble = undefined;
    if (contract.fingerprint === this.#contract?.fingerprint) return;
    const services = contract.services.map(({ typeName }) => typeName);
    this.#log.info(
      { services },
      this.#contract ? 'the backend offers something else' : 'discovered',
    );
    this.#contract = contract;
    this.#options.onContract();
  }
}
