import type { Work } from '@trivium/async';
import type { PlanRunner } from '../calls/run-plan-call.ts';
import { createCallWork } from './call-work.ts';
import { createPlanWork } from './plan-work.ts';
import { createStreamWork } from './stream-work.ts';

/** The kinds of operations that there are. */
export type OperationKind = 'call' | 'stream' | 'plan';

/** The work of each kind. */
export function createKinds(options: PlanRunner): Readonly<Record<OperationKind, Work>> {
  const { registry } = options;
  return {
    call: createCallWork(registry),
    stream: createStreamWork(registry),
    plan: createPlanWork(options),
  };
}
