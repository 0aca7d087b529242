import type { RunningOperation } from '@trivium/async';
import type { Order } from '@trivium/contracts/shop/checkout/v1/checkout';
import { type PerformTask, type Plan, type StepTypes, run } from '@trivium/parallel';
import { RpcError } from '@trivium/rpc';
import type { OrderCalls } from './order-calls.ts';
import { OrderProgress } from './order-progress.ts';

/**
 * Runs the plan of an order durably: each step is recorded with its event, and in another process not
 * taken again. Resolves with the order as it is then; rejects with the failure once what was done is
 * undone. Cancelling is between the engine and each step, because some are taken all the same.
 */
export async function runOrder<Steps extends StepTypes>(
  plan: Plan<OrderCalls, Steps>,
  options: {
    readonly operation: RunningOperation;
    readonly calls: OrderCalls;
    readonly placed: Order;
  },
): Promise<Order> {
  const { operation, calls, placed } = options;
  const progress = new OrderProgress(operation, placed);
  const running = run(plan, calls, {
    signal: new AbortController().signal,
    perform: async (task: PerformTask) => {
      if (task.kind === 'call') return progress.take(task);
      // The failure is told before what is done about it.
      await failureTold;
      return progress.takeBack(task);
    },
    // An undo tries for as long as it takes: somebody's pieces and money would stay held.
    undo: { maxAttempts: 1, attemptTimeoutMs: Infinity },
  });
  const failureTold = running.result.then(
    () => undefined,
    (caught: unknown) => progress.fail(RpcError.from(caught)),
  );
  try {
    await running.result;
    return progress.order;
  } catch (caught) {
    await failureTold;
    await running.undone;
    await progress.end(RpcError.from(caught));
    throw caught;
  }
}
