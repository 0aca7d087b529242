import type { JsonObject } from '@bufbuild/protobuf';
import type { PlanCall, RunRequest, RunResponse } from '@trivium/contracts/trivium/calls/v1/calls';
import type { Limits } from '@trivium/parallel';
import { type CompiledPlan, runPlan } from '@trivium/plans';
import type { ServiceRegistry } from '@trivium/registry';
import { type CallContext, Code, RpcError, durationToMs, resourceInfo } from '@trivium/rpc';
import type { PlanFolder } from '../plans/plan-folder.ts';
import { eachValueFrom } from '../work/each-value-from.ts';
import { runSummary, stepResult } from './step-result.ts';

/** How long before its caller's deadline a run ends with what is there, so that its summary still arrives. */
const REPLY_MARGIN_MS = 50;

/** What plans are run with. */
export interface PlanRunner {
  readonly registry: ServiceRegistry;
  readonly plans: PlanFolder;
  /** What all runs together keep to: calls to each backend, and in all. */
  readonly limits: Limits;
}

/** Parallel: runs a plan while its caller waits; each step as it ends, then the summary. */
export async function* runPlanCall(
  { plans, registry, limits }: PlanRunner,
  { plan: planCall, timeout }: RunRequest,
  { signal, deadline }: Pick<CallContext, 'signal' | 'deadline'>,
): AsyncGenerator<RunResponse, void, undefined> {
  const compiled = resolvePlan(plans, planCall!);
  const leftMs = deadline - Date.now() - REPLY_MARGIN_MS;
  const run = runPlan(compiled, {
    input: (planCall?.input ?? {}) as JsonObject,
    call: registry,
    limits,
    signal,
    deadlineMs: Math.min(timeout ? durationToMs(timeout) : Infinity, leftMs),
  });
  // A plan's own limits say how many there can be.
  for await (const event of eachValueFrom(run.events, { maxWaiting: Infinity })) {
    if (event.type !== 'ended') continue;
    yield { event: { $case: 'step', value: stepResult(event.outcome) } };
  }
  yield { event: { $case: 'summary', value: runSummary(await run.result) } };
}

/** The plan that a request names or brings. Throws `NOT_FOUND`, `FAILED_PRECONDITION` or `INVALID_ARGUMENT`. */
export function resolvePlan(plans: PlanFolder, { plan }: PlanCall): CompiledPlan {
  if (plan?.$case === 'inline') return plans.compile(plan.value);
  const name = plan?.value ?? '';
  const named = plans.find(name);
  if (named?.compiled) return named.compiled;
  if (named?.error) {
    const { message, details } = named.error;
    const broken = `The plan ${name} is broken, and no version of it was good: ${message}`;
    throw new RpcError(Code.FAILED_PRECONDITION, broken, { details });
  }
  const description = `There is no plan ${name}; ListPlans says what there is`;
  throw new RpcError(Code.NOT_FOUND, description, {
    details: [resourceInfo({ resourceType: 'plan', resourceName: name, description })],
  });
}
