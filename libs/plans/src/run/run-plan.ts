import { fromJson, toJson } from '@bufbuild/protobuf';
import type { DescMessage, JsonObject, JsonValue, Registry } from '@bufbuild/protobuf';
import { FailurePolicy } from '@trivium/contracts/trivium/calls/v1/plan';
import { criticalPath, run, slack } from '@trivium/parallel';
import type { Limits, Perform, StepEvent, StepTrace } from '@trivium/parallel';
import { Code, RpcError } from '@trivium/rpc';
import type { CallByName } from '@trivium/registry';
import { EMPTY, ReplaySubject, type Observable } from 'rxjs';
import type { CompiledPlan } from '../compile/compiled-plan.ts';
import { TemplateFailed } from '../template/template.ts';
import { outcomeOf, placeOfId } from './outcome.ts';
import type { PlanOutcome, RunEvent, StepOutcome, UndoOutcome } from './outcome.ts';
import { parallelPlan } from './parallel-plan.ts';
import { RunContext } from './run-context.ts';
import { stepError } from './step-error.ts';
import { responseOf } from './step-value.ts';
import { traceValue } from './trace-value.ts';

/** What a run of a plan is given. */
export interface RunPlanOptions {
  /**
   * What the plan's expressions find under `input`; for a plan that serves a method, its request as
   * protobuf JSON. Default: nothing.
   */
  readonly input?: JsonObject;
  /** Makes the calls. */
  readonly call: CallByName;
  /** Aborting it stops every call; the outcome's error is `CANCELLED`. */
  readonly signal: AbortSignal;
  /** Milliseconds from the start by which the run has ended. Default: none. */
  readonly deadlineMs?: number;
  /** Sent as metadata of every call. Default: none. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Limits shared with other runs: calls to each backend, by its name, and in all. Default: none. */
  readonly limits?: Limits;
  /**
   * Stands between the run and its calls: one that records what they give, which is plain JSON, and
   * returns what is recorded without calling makes the run durable. Default: it just calls.
   */
  readonly perform?: Perform;
}

/** A plan that is running. */
export interface PlanRun {
  /**
   * Every start and end as it happens, from the first for late subscribers too. Completes, and never
   * errors, when the run is over and undone. Unsubscribing stops nothing.
   */
  readonly events: Observable<RunEvent>;
  /** What the run came to. Never rejects: a run that fails resolves with its error. */
  readonly result: Promise<PlanOutcome>;
  /** What was undone, the last first; empty for a run that did not fail. Never rejects. */
  readonly undone: Promise<readonly UndoOutcome[]>;
}

/** Starts a run of a plan. Its first calls are made before this returns. */
export function runPlan(compiled: CompiledPlan, options: RunPlanOptions): PlanRun {
  const { input = {}, call, metadata, signal, deadlineMs, limits, perform } = options;
  let context: RunContext;
  try {
    context = new RunContext(compiled, { input, call, metadata });
  } catch (error) {
    return refused(error);
  }
  const startedAt = performance.now();
  const collect = compiled.plan.failurePolicy === FailurePolicy.FAILURE_POLICY_COLLECT;
  const running = run(parallelPlan(compiled), context, {
    signal,
    ...(deadlineMs !== undefined && { deadlineMs }),
    ...(limits && { limits }),
    ...(perform && { perform }),
    mode: collect ? 'collect' : 'failFast',
    maxInFlight: compiled.plan.maxInFlight || 64,
    // A call by name is repeated where it is made, if its method may be.
    undo: { maxAttempts: 1 },
  });
  const events = new ReplaySubject<RunEvent>();
  const ended = new Map<string, { readonly trace: StepTrace; readonly value: unknown }>();
  running.events.subscribe({
    next: (event) => {
      if ('trace' in event) {
        ended.set(event.id, {
          trace: event.trace,
          value: 'value' in event ? event.value : undefined,
        });
      }
      const happened = eventOf(event, context);
      if (happened) events.next(happened);
    },
    complete: () => events.complete(),
  });
  const conclude = (values: Readonly<Record<string, unknown>> | undefined, reason?: unknown) => {
    const durationMs = performance.now() - startedAt;
    const traces = [...ended.values()].map(({ trace }) => trace);
    const slackOf = slack(traces);
    const steps = [...ended.values()]
      .map(({ trace, value }): StepOutcome => {
        const slackMs = slackOf.get(trace.id);
        return { ...outcomeOf(trace, value), ...(slackMs !== undefined && { slackMs }) };
      })
      .sort((a, b) => a.startMs - b.startMs);
    const told = { steps, criticalPath: criticalPath(traces), durationMs };
    if (!values) return { error: stepError(reason), ...told };
    try {
      return { result: resultOf(compiled, context, { values, steps }), ...told };
    } catch (error) {
      return { error: stepError(error), ...told };
    }
  };
  return {
    events: events.asObservable(),
    result: running.result.then(
      ({ values }) => conclude(values as Record<string, unknown>),
      (reason: unknown) => conclude(undefined, reason),
    ),
    undone: running.undone.then((reports) =>
      reports
        .filter(({ id, ok }) => !ok || context.undoing.has(id))
        .map((report) => ({
          ...placeOfId(report.id),
          ...(!report.ok && { error: stepError(report.reason) }),
        })),
    ),
  };
}

function resultOf(
  compiled: CompiledPlan,
  context: RunContext,
  { values, steps }: { values: Readonly<Record<string, unknown>>; steps: readonly StepOutcome[] },
): JsonValue {
  const { result, stepOf, servedMethod, compiler } = compiled;
  if (!result) {
    return Object.fromEntries([...stepOf.keys()].map((id) => [id, responseOf(values[id])]));
  }
  const used = [...result.used].filter((name) => stepOf.has(name));
  const trace = result.used.has('trace') && { trace: traceValue(compiled, steps) };
  const value = context.spend((budget) =>
    result.evaluate(context.variables(used, values, { ...trace }), budget),
  );
  return servedMethod ? canonical(servedMethod.output, value, compiler.registry) : value;
}

/** The same as canonical protobuf JSON. Throws `TemplateFailed` for what is no such message. */
function canonical(output: DescMessage, value: JsonValue, registry: Registry): JsonValue {
  try {
    return toJson(output, fromJson(output, value, { registry }), { registry });
  } catch (error) {
    throw new TemplateFailed('result', error);
  }
}

function eventOf(event: StepEvent, { undoing }: RunContext): RunEvent | undefined {
  const { id, atMs } = event;
  switch (event.type) {
    case 'started':
      return { type: 'started', ...placeOfId(id), atMs };
    // That an undo begins is told before it is known whether there is anything to undo.
    case 'undoing':
      return undefined;
    case 'undone':
      return undoing.has(id) ? { type: 'undone', ...placeOfId(id), atMs } : undefined;
    case 'undoFailed':
      return { type: 'undoFailed', ...placeOfId(id), atMs, error: stepError(event.reason) };
    case 'succeeded':
      return { type: 'ended', atMs, outcome: outcomeOf(event.trace, event.value) };
    default:
      return { type: 'ended', atMs, outcome: outcomeOf(event.trace) };
  }
}

/** A run that has not begun: its input is not what the plan takes. */
function refused(cause: unknown): PlanRun {
  const what = cause instanceof Error ? cause.message : String(cause);
  const error = new RpcError(Code.INVALID_ARGUMENT, `input: ${what}`, { cause });
  return {
    events: EMPTY,
    result: Promise.resolve({ error, steps: [], criticalPath: [], durationMs: 0 }),
    undone: Promise.resolve([]),
  };
}
