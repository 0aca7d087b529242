import type { JsonObject } from '@bufbuild/protobuf';
import { type RunningOperation, type Work, durable } from '@trivium/async';
import {
  type PlanCall,
  RunSummary,
  StartRequest,
  StepResult,
  StepState,
} from '@trivium/contracts/trivium/calls/v1/calls';
import { Plan } from '@trivium/contracts/trivium/calls/v1/plan';
import { type CompiledPlan, type RunPlanOptions, type StepOutcome, runPlan } from '@trivium/plans';
import { Code, RpcError, packAny } from '@trivium/rpc';
import { isSafe } from '../calls/call-policy.ts';
import { type PlanRunner, resolvePlan } from '../calls/run-plan-call.ts';
import { runSummary } from '../calls/step-result.ts';
import { gracefulSignal } from './graceful-signal.ts';
import { jsonType } from './json-type.ts';
import { until } from './known-method.ts';
import { timeLeftMs } from './time-left.ts';

/**
 * The work of an operation that is a plan: each call is recorded under its step, and after a crash the plan goes on from
 * those that are. It stays with the version of the plan that it began with. Its response is a `RunSummary`.
 */
export function createPlanWork(options: PlanRunner): Work {
  const { registry, plans, limits } = options;
  return async (operation) => {
    const request = StartRequest.decode(operation.request);
    const planCall = planOf(request);
    const graceful = gracefulSignal(operation.signal);
    try {
      const plan = await operation.step('plan', {
        type: Plan,
        repeatable: true,
        run: async () => resolvePlan(plans, planCall).plan,
      });
      const compiled = await until(registry, operation.signal, () => compile(options, plan));
      const run = runPlan(compiled, {
        input: (planCall.input ?? {}) as JsonObject,
        call: registry,
        limits,
        signal: graceful.signal,
        deadlineMs: timeLeftMs(operation),
        perform: createPerform(operation, compiled),
      });
      const outcome = await run.result;
      await run.undone;
      if (outcome.error) throw outcome.error;
      return packAny(RunSummary, runSummary(outcome));
    } finally {
      graceful.clear();
    }
  };
}

/** After a restart methods may not be known yet: that is no fault of the plan. */
function compile({ plans, registry }: PlanRunner, plan: Plan): CompiledPlan {
  try {
    return plans.compile(plan);
  } catch (cause) {
    if (registry.backends().every(({ isKnown }) => isKnown)) throw cause;
    throw new RpcError(Code.UNAVAILABLE, 'Not every backend has told what it offers', { cause });
  }
}

type Perform = NonNullable<RunPlanOptions['perform']>;

/** What a call of a plan gave: what is recorded of it. */
type CallValue = Pick<StepOutcome, 'response' | 'attempts'>;

/** Each call of the plan as a recorded step of the operation, told as an event when it went well. */
function createPerform(operation: RunningOperation, { steps }: CompiledPlan): Perform {
  return durable(operation, ({ id, kind }) => {
    const [step = '', index] = id.split(/[[\]]/);
    const compiled = steps.find((each) => each.id === step);
    const isUndo = kind === 'undo';
    const method = isUndo ? compiled?.undo?.method : compiled?.method;
    return {
      method: method?.name ?? step,
      // What undoes is made again until it is done.
      repeatable: isUndo || (method?.registered !== undefined && isSafe(method.registered)),
      type: jsonType(),
      event: (value) => ({
        kind: isUndo ? 'UNDONE' : 'STEP',
        description: isUndo ? `${id} was undone.` : `${id} succeeded.`,
        ...(!isUndo && { payload: succeeded({ step, index }, value as CallValue) }),
      }),
    };
  });
}

function succeeded(
  { step, index }: { step: string; index: string | undefined },
  { response, attempts }: CallValue,
) {
  const state = StepState.STEP_STATE_SUCCEEDED;
  const place = { step, ...(index !== undefined && { index: Number(index) }) };
  return packAny(
    StepResult,
    StepResult.fromPartial({ ...place, state, response, timing: { attempts } }),
  );
}

function planOf({ work }: StartRequest): PlanCall {
  if (work?.$case === 'plan') return work.value;
  throw new RpcError(Code.INTERNAL, 'The operation was not started with a plan');
}
