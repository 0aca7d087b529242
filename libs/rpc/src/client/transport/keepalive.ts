import type { ClientHttp2Session } from 'node:http2';

/** How long the answer to a probe may take. */
const ANSWER_TIMEOUT_MS = 20_000;

/** What a keepalive is made from. */
export interface KeepaliveOptions {
  readonly session: ClientHttp2Session;
  /** How long after one probe the next one follows, in milliseconds. */
  readonly timeMs: number;
  /** Whether there are calls: servers do not like to be probed for nothing. */
  readonly isNeeded: () => boolean;
  /** Told when a probe is not answered. */
  readonly onSilence: (reason: string) => void;
}

/**
 * Finds out that a peer is gone which has not said so (gRFC A8): sends a ping now and then while
 * there are calls.
 *
 *     off --start()--> counting --the time is over, calls are open--> probing --answered--> counting
 *                      counting --the time is over, no calls--------> off, and due: probes at start()
 *                      probing ---no answer-------------------------> the peer is gone
 */
export class Keepalive {
  readonly #options: KeepaliveOptions;
  #timer: NodeJS.Timeout | undefined;
  #isDue = false;
  #isStopped = false;

  constructor(options: KeepaliveOptions) {
    this.#options = options;
  }

  /** There are calls now. */
  start(): void {
    if (this.#timer || this.#isStopped) return;
    if (this.#isDue) return this.#probe();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#options.isNeeded()) this.#probe();
      else this.#isDue = true;
    }, this.#options.timeMs).unref();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #probe(): void {
    const { session, isNeeded, onSilence } = this.#options;
    this.#isDue = false;
    if (session.destroyed) return;
    this.#timer = setTimeout(
      () => onSilence(`The peer did not answer a ping for ${ANSWER_TIMEOUT_MS} ms`),
      ANSWER_TIMEOUT_MS,
    ).unref();
    session.ping((error) => {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      // A ping that is taken back is that of a session which ends, and says so itself.
      if (!error && isNeeded()) this.start();
    });
  }
}
