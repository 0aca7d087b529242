import { dynamicPlan } from '../dynamic-plan.ts';
import { createLimits } from '../limits.ts';
import type { PlanResult } from '../run.ts';
import { run } from '../run.ts';
import type { CallContext, Context, Step } from '../step.ts';
import type { StepEvent } from '../trace.ts';
import type { RandomRun, RandomStep } from './random-plan.ts';
import { VirtualClock } from './virtual-clock.ts';

/** A call that was made, as whoever is called sees it. */
export interface ObservedCall {
  readonly step: RandomStep;
  readonly id: string;
  readonly reads: Context;
  readonly startMs: number;
  endMs: number;
  succeeded: boolean;
}

/** What was seen of a run by its callees and its listeners. */
export interface Observed {
  readonly calls: readonly ObservedCall[];
  readonly events: readonly StepEvent[];
  /** The ids that were undone, in that order. */
  readonly undone: readonly string[];
  /** The most calls that were in flight at once: in all, and to each target. */
  readonly most: ReadonlyMap<string | undefined, number>;
  readonly outcome: { readonly ok: boolean; readonly reason?: unknown; readonly atMs: number };
  readonly result: PlanResult<Record<string, unknown>> | undefined;
  readonly completed: boolean;
  readonly cancelReason: unknown;
}

/** Runs a random plan in virtual time, until well after its end. */
export async function observe(random: RandomRun): Promise<Observed> {
  const clock = new VirtualClock();
  const calls: ObservedCall[] = [];
  const events: StepEvent[] = [];
  const undone: string[] = [];
  const most = new Map<string | undefined, number>();
  const alive = new Map<string | undefined, number>();
  const count = (key: string | undefined, change: number): void => {
    alive.set(key, (alive.get(key) ?? 0) + change);
    most.set(key, Math.max(most.get(key) ?? 0, alive.get(key)!));
  };

  const call = (step: RandomStep, id: string, context: Context & CallContext): unknown => {
    const { ends, afterMs, atOnce, ignoresSignal } = step.behaviour;
    const { signal } = context;
    const reads = Object.fromEntries(
      Object.entries(context).filter(([name]) => name !== 'signal' && name !== 'budgetMs'),
    );
    const observed = { step, id, reads, startMs: clock.now(), endMs: Infinity, succeeded: false };
    calls.push(observed);
    count('all', 1);
    if (step.target) count(step.target, 1);
    const end = (succeeded: boolean): void => {
      if (observed.endMs < Infinity) return;
      Object.assign(observed, { endMs: clock.now(), succeeded });
      count('all', -1);
      if (step.target) count(step.target, -1);
    };
    if (atOnce && ends !== 'never') {
      end(ends === 'value');
      if (ends === 'value') return `${id}!`;
      throw new Error(id);
    }
    return new Promise((resolve, reject) => {
      if (!ignoresSignal) {
        signal.addEventListener('abort', () => {
          end(false);
          reject(signal.reason as Error);
        });
      }
      if (ends === 'never') return;
      clock.schedule(afterMs, () => {
        end(ends === 'value');
        if (ends === 'value') resolve(`${id}!`);
        else reject(new Error(id));
      });
    });
  };

  const controller = new AbortController();
  const cancelReason = new Error('cancelled');
  const { mode, deadlineMs, cancelMs, maxInFlight, perTarget } = random;
  const steps = random.steps.map((step) => stepOf(step, { call, undone }));
  const running = run(dynamicPlan(steps), undefined, {
    ...{ signal: controller.signal, mode, maxInFlight, clock },
    ...(deadlineMs !== undefined && { deadlineMs }),
    limits: createLimits({ perTarget }),
    undo: { attemptTimeoutMs: 200, maxAttempts: 2 },
  });
  let completed = false;
  running.events.subscribe({
    next: (event) => events.push(event),
    complete: () => (completed = true),
  });
  if (cancelMs !== undefined) clock.schedule(cancelMs, () => controller.abort(cancelReason));
  let outcome: Observed['outcome'] | undefined;
  let result: Observed['result'];
  running.result.then(
    (value) => {
      result = value;
      outcome = { ok: true, atMs: clock.now() };
    },
    (reason: unknown) => (outcome = { ok: false, reason, atMs: clock.now() }),
  );
  // All ends by 400 ms, and each of up to sixty undos within half a second.
  await clock.advanceTo(60_000);
  return {
    ...{ calls, events, undone, most, result, completed, cancelReason },
    outcome: outcome ?? { ok: false, reason: 'it never ended', atMs: Infinity },
  };
}

function stepOf(
  random: RandomStep,
  seen: {
    call: (step: RandomStep, id: string, context: Context & CallContext) => unknown;
    undone: string[];
  },
): Step {
  const { name, reads, optional, when, timeoutMs, estimateMs, target, repeats, list } = random;
  const shared = {
    ...{ name, reads, optional },
    ...(when !== undefined && { when: () => when }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(estimateMs !== undefined && { estimateMs }),
    ...(target !== undefined && { target }),
    ...(repeats === 'retry' && {
      retry: { maxAttempts: 3, isRetryable: () => true, initialBackOffMs: 10 },
    }),
    ...(repeats === 'hedge' && { hedge: { delayMs: 10 } }),
  };
  const undo = (id: string) => ({ undo: () => void seen.undone.push(id) });
  if (!list) {
    const own = random.hasUndo ? undo(name) : {};
    return { ...shared, ...own, call: (context) => seen.call(random, name, context) };
  }
  return {
    kind: 'each',
    ...{ ...shared, limit: list.limit, optionalItems: list.optionalItems },
    items: () => Array.from({ length: list.length }, (_, item) => item),
    key: String,
    call: (item, context) => seen.call(random, `${name}[${String(item)}]`, context),
    ...(random.hasUndo && {
      undo: (_value: unknown, item: unknown) => void seen.undone.push(`${name}[${String(item)}]`),
    }),
  };
}
