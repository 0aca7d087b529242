import { Code, currentCall, RpcError } from '@trivium/rpc';
import { askedDelayMs, backOffMs, healingCodes, heals } from '@trivium/sync';
import { Observable, type Subscription } from 'rxjs';
import { Sequence } from './sequence.ts';

/** A lost connection, after which another one is made. */
export interface LostConnection {
  readonly error: RpcError;
  /** How many were lost in a row without bringing anything, from 1. */
  readonly attempt: number;
  /** How long the next one is waited for, in milliseconds. */
  readonly backOffMs: number;
  /** The last number that was seen, after which the next one goes on. */
  readonly after: number;
}

/** How a stream goes on after a lost connection. */
export interface ReconnectOptions {
  /** The ceiling of the first back-off, in milliseconds; it doubles with each attempt. Default 100. */
  readonly initialBackOffMs?: number;
  /** The ceiling that no back-off exceeds, in milliseconds. Default 5,000. */
  readonly maxBackOffMs?: number;
  /**
   * How long it is tried without any success before the failure is the stream's, in milliseconds.
   * Default: `Infinity`.
   */
  readonly patienceMs?: number;
  /** A number from 0 to 1. Default: `Math.random`. */
  readonly random?: () => number;
  /** Told of each lost connection that is followed by another one. */
  readonly onReconnect?: (lost: LostConnection) => void;
}

/** What there is to know of a stream that can be resumed. */
export interface ResumableOptions<T> extends ReconnectOptions {
  /** An item's number: 1, 2, 3, …, without gaps. */
  readonly sequenceOf: (item: T) => number | bigint;
  /** Whether the stream ends with this item. */
  readonly isLast: (item: T) => boolean;
  /** The last number that was seen before; 0, the default, for the whole stream. */
  readonly after?: number;
}

/** A connection that lasts this long was one, though it brought nothing. */
const connectedMs = 10_000;

/**
 * A numbered stream that outlives its connections. `open` begins it after a number; whenever that
 * ends by what may heal, it is opened again after the last number seen, with exponential back-off and
 * full jitter, and not before the server wants it.
 *
 * Each item comes once and in order: what is repeated is left out, and a gap or a reorder is an error
 * (`DATA_LOSS`). Completes after the last item, or when the server has nothing after a number other
 * than 0. Everything that cannot heal is the stream's error: `NOT_FOUND`, `PERMISSION_DENIED`, …
 * Unsubscribing ends the connection, and nothing else. Throws a RangeError for an `after` that is none.
 */
export function resumable<T>(
  open: (after: number) => Observable<T>,
  options: ResumableOptions<T>,
): Observable<T> {
  const { after = 0 } = options;
  if (!Number.isSafeInteger(after) || after < 0) {
    throw new RangeError(`Not the number of an event: ${after}`);
  }
  return new Observable((subscriber) => {
    const { sequenceOf, isLast, random, onReconnect } = options;
    const { initialBackOffMs = 100, maxBackOffMs = 5_000, patienceMs = Infinity } = options;
    const sequence = new Sequence(after);
    const incoming = currentCall();
    let connection: Subscription | undefined;
    let timer: NodeJS.Timeout | undefined;
    let attempt = 0;
    let failingSinceMs: number | undefined;

    const connect = (): void => {
      const openedAtMs = performance.now();
      let hasBrought = false;
      sequence.reconnect();

      const receive = (item: T): void => {
        if (subscriber.closed) return;
        hasBrought = true;
        attempt = 0;
        failingSinceMs = undefined;
        let isNew: boolean;
        try {
          isNew = sequence.isNew(Number(sequenceOf(item)));
        } catch (error) {
          return subscriber.error(error);
        }
        if (!isNew) return;
        const last = isLast(item);
        subscriber.next(item);
        if (last) subscriber.complete();
      };
      const reconnect = (error: RpcError): void => {
        if (subscriber.closed) return;
        const now = performance.now();
        if (now - openedAtMs >= connectedMs) {
          attempt = 0;
          failingSinceMs = undefined;
        }
        attempt += 1;
        failingSinceMs ??= now;
        const policy = { initialBackOffMs, maxBackOffMs };
        const pauseMs = backOffMs(attempt, policy, random) + (askedDelayMs(error) ?? 0);
        if (!(now + pauseMs - failingSinceMs <= patienceMs) || pauseMs === Infinity) {
          return subscriber.error(error);
        }
        onReconnect?.({ error, attempt, backOffMs: pauseMs, after: sequence.last });
        timer = setTimeout(connect, pauseMs);
      };

      try {
        connection = open(sequence.last).subscribe({
          next: receive,
          error(caught: unknown) {
            const error = RpcError.from(caught);
            const isOver = incoming?.signal.aborted ?? false;
            const canHeal = !isOver && heals(error, { codes: healingCodes, attemptsExpire: true });
            if (canHeal) reconnect(error);
            else subscriber.error(error);
          },
          complete() {
            // Without the last item it may be a half that passes for the whole: what follows says.
            if (hasBrought || sequence.last === 0) reconnect(endedEarly());
            else subscriber.complete();
          },
        });
      } catch (error) {
        subscriber.error(RpcError.from(error));
      }
      // The last item may have come while it was being subscribed.
      if (subscriber.closed) connection?.unsubscribe();
    };

    connect();
    return () => {
      clearTimeout(timer);
      connection?.unsubscribe();
    };
  });
}

function endedEarly(): RpcError {
  return new RpcError(Code.UNAVAILABLE, 'The stream ended before its last event');
}
