import { isCelList, type CelValue } from '@bufbuild/cel';
import type { JsonValue } from '@bufbuild/protobuf';
import { dynamicPlan, type Plan, type Step, type StepType } from '@trivium/parallel';
import { Code, RpcError } from '@trivium/rpc';
import type { Budget } from '../cel/budget.ts';
import type { Variables } from '../cel/expression.ts';
import type { CompiledPlan, CompiledStep, CompiledUndo } from '../compile/compiled-plan.ts';
import { TemplateFailed, type Template } from '../template/template.ts';
import type { RunContext } from './run-context.ts';
import { TooManyElements } from './step-error.ts';
import type { Element, StepValue } from './step-value.ts';

/** A compiled plan as the scheduler takes it: the same for every run, whose context is its input. */
export type ParallelPlan = Plan<RunContext, Record<string, StepType>>;

/** What the scheduler gives to a step's functions. */
interface Arrived {
  readonly input: RunContext;
  readonly signal: AbortSignal;
  readonly budgetMs: number;
}

const built = new WeakMap<CompiledPlan, ParallelPlan>();

/** The steps of a plan with what they call. Made once for all runs of a plan. */
export function parallelPlan(compiled: CompiledPlan): ParallelPlan {
  let plan = built.get(compiled);
  if (!plan) {
    plan = dynamicPlan<RunContext>(
      compiled.steps.map((step, index) => schedulerStep(step, `steps[${index}]`)),
    );
    built.set(compiled, plan);
  }
  return plan;
}

function schedulerStep(step: CompiledStep, path: string): Step {
  const { id, reads, optional, timeoutMs, condition, forEach } = step;
  const target = step.method.registered?.backend;
  const common = {
    ...{ name: id, reads, optional, timeoutMs, target },
    when: condition && ((arrived: object) => holds(step, arrived as Arrived, `${path}.condition`)),
  };
  if (!forEach) {
    return {
      ...common,
      kind: 'call',
      call: (arrived) => callStep(step, arrived as unknown as Arrived),
      ...undoOf(step),
    };
  }
  return {
    ...common,
    kind: 'each',
    items: (arrived) => elementsOf(step, arrived as unknown as Arrived, `${path}.for_each.items`),
    key: (element) => String((element as Element).index),
    call: (element, arrived) => callStep(step, arrived as unknown as Arrived, element as Element),
    limit: forEach.maxInFlight,
    optionalItems: forEach.optionalItems,
    ...undoOfElements(step),
  };
}

const idOf = ({ id }: CompiledStep, element: Element | undefined): string =>
  element ? `${id}[${element.index}]` : id;

const elementVariables = ({ forEach }: CompiledStep, { value }: Element): Variables => ({
  [forEach!.as]: value,
});

function holds(step: CompiledStep, arrived: Arrived, path: string): boolean {
  const value = evaluate(arrived, path, (budget) =>
    step.condition!.evaluate(variablesOf(step, arrived), budget),
  );
  if (typeof value === 'boolean') return value;
  throw new TemplateFailed(path, new Error('the condition came to neither true nor false'));
}

function elementsOf(step: CompiledStep, arrived: Arrived, path: string): readonly Element[] {
  const { forEach } = step;
  const list = evaluate(arrived, path, (budget) =>
    forEach!.items.evaluate(variablesOf(step, arrived), budget),
  );
  if (!isCelList(list)) throw new TemplateFailed(path, new Error('it came to no list'));
  const { maxElements } = arrived.input.compiled.limits;
  if (list.size > maxElements) {
    throw new TooManyElements(`${path}: ${list.size} elements; at most ${maxElements}`);
  }
  return [...list].map((value, index) => ({ index, value }));
}

const variablesOf = (step: CompiledStep, arrived: Arrived, more?: Variables): Variables =>
  arrived.input.variables(step.reads, arrived as unknown as Record<string, unknown>, more);

function evaluate(
  { input: run }: Arrived,
  path: string,
  work: (budget: Budget) => CelValue,
): CelValue {
  return run.spend((budget) => {
    try {
      return work(budget);
    } catch (error) {
      throw budget.left < 0 ? error : new TemplateFailed(path, error);
    }
  });
}

async function callStep(
  step: CompiledStep,
  arrived: Arrived,
  element?: Element,
): Promise<StepValue> {
  const more = element && elementVariables(step, element);
  const { input: run, signal, budgetMs } = arrived;
  const request = requestOf(step.request, run, variablesOf(step, arrived, more));
  const timeoutMs = Math.min(step.timeoutMs ?? Infinity, budgetMs);
  const { maxAttempts, hedge } = step;
  const { response, attempts } = await run.call.call(step.method.name, request, {
    signal,
    key: idOf(step, element),
    ...(timeoutMs < Infinity && { timeoutMs: Math.max(1, timeoutMs) }),
    ...(maxAttempts !== undefined && { maxAttempts }),
    ...(hedge && { hedge }),
    ...(run.metadata && { metadata: run.metadata }),
  });
  return { response, attempts };
}

const requestOf = (template: Template, run: RunContext, variables: Variables): JsonValue =>
  run.spend((budget) => template.evaluate(variables, budget));

/** How often the undo of a method is tried that is safe to repeat: nobody waits for it any more. */
const UNDO_ATTEMPTS = 5;

async function callUndo(
  step: CompiledStep,
  undo: CompiledUndo,
  { arrived, value, element }: { arrived: Arrived; value?: StepValue; element?: Element },
): Promise<void> {
  const { input: run, signal } = arrived;
  const id = idOf(step, element);
  run.undoing.add(id);
  const more = element && elementVariables(step, element);
  const own = value && { [step.id]: run.reply(step, value.response) };
  const used = [...undo.request.used].filter((name) => run.compiled.stepOf.has(name));
  const others = used.filter((name) => name !== step.id);
  const variables = run.variables(others, arrived as unknown as Record<string, unknown>, {
    ...more,
    ...own,
  });
  const isSafe = (undo.method.registered?.repetition ?? 'unspecified') !== 'unspecified';
  await run.call.call(undo.method.name, requestOf(undo.request, run, variables), {
    signal,
    key: `undo:${id}`,
    ...(isSafe && { maxAttempts: UNDO_ATTEMPTS }),
    ...(run.metadata && { metadata: run.metadata }),
  });
}

function undoOf(step: CompiledStep) {
  const { undo } = step;
  if (!undo) return {};
  return {
    undo: (value: unknown, context: unknown) =>
      callUndo(step, undo, { arrived: context as Arrived, value: value as StepValue }),
    ...(!undo.readsOwnResult && {
      undoUnknown: (reason: unknown, context: unknown) =>
        mayHaveHappened(reason) ? callUndo(step, undo, { arrived: context as Arrived }) : undefined,
    }),
  };
}

function undoOfElements(step: CompiledStep) {
  const { undo } = step;
  if (!undo) return {};
  return {
    undo: (value: unknown, element: unknown, context: unknown) =>
      callUndo(step, undo, {
        arrived: context as Arrived,
        value: value as StepValue,
        element: element as Element,
      }),
    ...(!undo.readsOwnResult && {
      undoUnknown: (reason: unknown, element: unknown, context: unknown) =>
        mayHaveHappened(reason)
          ? callUndo(step, undo, { arrived: context as Arrived, element: element as Element })
          : undefined,
    }),
  };
}

/** The codes with which a server says that it has not done what it was asked for. */
const refusals: ReadonlySet<Code> = new Set([
  ...[Code.INVALID_ARGUMENT, Code.NOT_FOUND, Code.ALREADY_EXISTS, Code.PERMISSION_DENIED],
  ...[Code.FAILED_PRECONDITION, Code.OUT_OF_RANGE, Code.UNIMPLEMENTED, Code.UNAUTHENTICATED],
  ...[Code.RESOURCE_EXHAUSTED, Code.ABORTED],
]);

/** Whether a call that failed for this reason may have done its work all the same. */
function mayHaveHappened(reason: unknown): boolean {
  if (reason instanceof TemplateFailed) return false;
  return !(reason instanceof RpcError) || !refusals.has(reason.code);
}
