import { type CallOptions, Code, RpcError } from '@trivium/rpc';
import { type CheckedHedgePolicy, hedgeTime } from './hedge/hedge-policy.ts';
import { Overtaken, hedge } from './hedge/hedge.ts';
import { askedDelayMs } from './retry/asked-delay.ts';
import { heals } from './retry/healing.ts';
import { withPreviousAttempts } from './retry/previous-attempts.ts';
import type { RetryPolicy } from './retry/retry-policy.ts';
import { type RetriedFailure, localDeadline, retry } from './retry/retry.ts';
import type { Target } from './target.ts';

/** What a single call may be told. */
export interface SyncCallOptions extends CallOptions {
  /**
   * The caller's promise that making this call twice does no more than making it once; false takes back what the contract
   * says. Default: true for a method that declares `NO_SIDE_EFFECTS` or `IDEMPOTENT`, false for any other.
   */
  readonly safeToRepeat?: boolean;
}

/** A unary method of a client. */
export type UnaryCall = (request: unknown, options?: CallOptions) => Promise<unknown>;

/** How the calls of one method are repeated. */
export interface RepeatOptions {
  /** The method's full path. */
  readonly path: string;
  /** Of the channel. */
  readonly address: string;
  /** Whether the contract declares it safe to repeat. */
  readonly isDeclaredSafe: boolean;
  readonly target: Target;
  readonly timeoutMs: number;
  readonly reserveMs: number;
  readonly attemptTimeoutMs: number;
  readonly policy: RetryPolicy;
  readonly hedgePolicy: CheckedHedgePolicy | undefined;
  readonly random: () => number;
  readonly onRetry: (failure: RetriedFailure & { readonly path: string }) => void;
}

/**
 * A unary method whose calls are made again, and hedged, as far as each of them is safe to repeat. All attempts of a call,
 * hedges included, count towards the policy's `maxAttempts`, are paid for from the target's bucket, and end by the same
 * deadline. A failed call says how many there were, and how long they took.
 */
export function repeating(call: UnaryCall, options: RepeatOptions) {
  const { path, policy, hedgePolicy, random, onRetry, target } = options;
  const { bucket, hedgeBudget } = target;
  const latencies = hedgePolicy && target.latenciesOf(path);
  const bursts = hedgePolicy && target.burstsOf(path);

  return async (request: unknown, callOptions: SyncCallOptions = {}): Promise<unknown> => {
    const { safeToRepeat = options.isDeclaredSafe, ...rest } = callOptions;
    const { signal } = rest;
    const timeoutMs = checkedTimeoutMs(rest.timeoutMs ?? options.timeoutMs);
    const attemptTimeoutMs = safeToRepeat ? options.attemptTimeoutMs : Infinity;
    const startedMs = performance.now();
    const deadline = localDeadline(timeoutMs, options.reserveMs);
    let made = 0;
    const burst = safeToRepeat ? bursts?.join(startedMs) : undefined;

    const heal = (error: RpcError) => {
      const attemptsExpire = attemptTimeoutMs < Infinity && performance.now() < deadline;
      return heals(error, { codes: policy.codes, attemptsExpire });
    };
    const mayRepeat = () => safeToRepeat && made < policy.maxAttempts && bucket.isOpen;

    async function attempt(attemptSignal: AbortSignal | undefined): Promise<unknown> {
      const previous = made++;
      const beganMs = performance.now();
      const isObserved = previous === 0;
      try {
        const response = await call(request, {
          ...rest,
          timeoutMs: Math.max(0, Math.min(attemptTimeoutMs, deadline - beganMs)),
          ...(attemptSignal && { signal: attemptSignal }),
          ...(previous > 0 && { metadata: withPreviousAttempts(rest.metadata, previous) }),
        });
        bucket.succeeded();
        const nowMs = performance.now();
        if (isObserved) latencies?.record(nowMs - beganMs);
        if (isObserved) burst?.answered(nowMs);
        return response;
      } catch (caught) {
        const error = RpcError.from(caught);
        if (heal(error) || askedDelayMs(error) === Infinity) bucket.failed();
        // It was at least this slow: left out, the slowest calls would not count.
        const wasTooSlow =
          attemptSignal?.reason instanceof Overtaken || error.code === Code.DEADLINE_EXCEEDED;
        if (isObserved && wasTooSlow) latencies?.record(performance.now() - beganMs);
        throw error;
      }
    }

    function attempts(): Promise<unknown> {
      const time =
        hedgePolicy && latencies && burst && hedgeTime(hedgePolicy, { latencies, burst });
      if (!time) return attempt(signal);
      const mayHedge = () => mayRepeat() && hedgeBudget.take();
      const { losers } = hedgePolicy;
      return hedge(attempt, {
        ...{ ...time, losers, mayHedge, heals: heal },
        ...(signal && { signal }),
      });
    }

    if (safeToRepeat && hedgePolicy) hedgeBudget.accrue(hedgePolicy.maxExtra);
    try {
      return await retry(attempts, {
        policy,
        timeoutMs: deadline - startedMs,
        attemptTimeoutMs,
        random,
        mayRetry: mayRepeat,
        onRetry: (failure) => onRetry({ path, ...failure, attempt: made }),
        ...(signal && { signal }),
      });
    } catch (caught) {
      const elapsedMs = performance.now() - startedMs;
      const call = { method: path, target: options.address, attempts: made, elapsedMs };
      throw RpcError.from(caught).with(call);
    }
  };
}

const MAX_TIMEOUT_MS = 24 * 60 * 60 * 1000;

function checkedTimeoutMs(timeoutMs: number): number {
  if (!(timeoutMs >= 0)) throw new RangeError(`Not a timeout in ms: ${timeoutMs}`);
  return Math.min(timeoutMs, MAX_TIMEOUT_MS);
}
