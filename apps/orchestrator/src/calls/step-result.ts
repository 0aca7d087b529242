import {
  type RunSummary,
  type StepResult,
  StepState,
} from '@trivium/contracts/trivium/calls/v1/calls';
import type { PlanOutcome, StepOutcome } from '@trivium/plans';
import { durationFromMs } from '@trivium/rpc';

const states: Readonly<Record<StepOutcome['state'], StepState>> = {
  succeeded: StepState.STEP_STATE_SUCCEEDED,
  failed: StepState.STEP_STATE_FAILED,
  skipped: StepState.STEP_STATE_SKIPPED,
};

/** How a step went, as the contract has it. */
export function stepResult(outcome: StepOutcome): StepResult {
  const { step, index, state, response, error, startMs, endMs, waitedFor, attempts } = outcome;
  const { slackMs } = outcome;
  return {
    step,
    index,
    state: states[state],
    response,
    error: error?.toStatus(),
    timing: {
      startOffset: durationFromMs(startMs),
      endOffset: durationFromMs(endMs),
      waitedFor: [...waitedFor],
      slack: slackMs === undefined ? undefined : durationFromMs(slackMs),
      attempts,
    },
  };
}

/** What a run came to, as the contract has it. */
export function runSummary(outcome: PlanOutcome): RunSummary {
  const { result, error, criticalPath, durationMs, steps } = outcome;
  return {
    result,
    error: error?.toStatus(),
    criticalPath: [...criticalPath],
    duration: durationFromMs(durationMs),
    steps: steps.map((step) => ({ ...stepResult(step), response: undefined })),
  };
}
