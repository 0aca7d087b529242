/**
 * Calls that cost less than this, in milliseconds, are not worth refusing: a refusal is not free
 * either, and thousands a second can be served instead.
 */
export const CHEAP_CALL_MS = 1;

/** One call that was served well, as a limit learns from it. */
export interface RoundTrip {
  /** The full path of its method: each has a time of its own. */
  readonly method: string;
  /** From the call's arrival until its handler has settled, in milliseconds. */
  readonly ms: number;
  /** How many calls were being served when it arrived, itself among them. */
  readonly inFlight: number;
  /** Whether no other call was being served, or arrived, in all that time. */
  readonly isAlone: boolean;
  /** Whether it was served within one turn of the event loop: it computed, and waited for nothing. */
  readonly isOneTurn: boolean;
}

/** How many unary calls a host serves at a time, as far as it is known by now. */
export interface ConcurrencyLimit {
  /** The limit at present. */
  readonly current: number;
  /** Whether the host has had no time to spare of late. */
  readonly isSaturated: boolean;
  /** Learns from a call that was served well. */
  observe(roundTrip: RoundTrip): void;
  /** Takes note that a call was refused. */
  noteRefusal(): void;
  /** How long a call of this method takes of late, in milliseconds; undefined if that is unknown. */
  typicalMs(method: string): number | undefined;
  /** The same on a host that has nothing else to do. */
  unloadedMs(method: string): number | undefined;
}
