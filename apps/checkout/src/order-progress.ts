import type { RunningOperation } from '@trivium/async';
import { Empty } from '@trivium/contracts/google/protobuf/empty';
import {
  type Order,
  OrderEventKind,
  OrderState,
} from '@trivium/contracts/shop/checkout/v1/checkout';
import type { PerformTask } from '@trivium/parallel';
import { Code, RpcError } from '@trivium/rpc';
import { endedOrder, orderMetadata } from './order-state.ts';
import { chapterOf } from './order-story.ts';

/**
 * How far an order has come: its steps, each recorded together with its event and with the order as
 * it is then. In another process recorded steps are not taken again.
 */
export class OrderProgress {
  #order: Order;
  readonly #operation: RunningOperation;

  constructor(operation: RunningOperation, placed: Order) {
    this.#operation = operation;
    this.#order = placed;
  }

  /** The order as it is now. */
  get order(): Order {
    return this.#order;
  }

  /** Takes a step, or undoes one. Rejects with an `RpcError` when it fails for good. */
  async take({ id: step, kind, call }: PerformTask): Promise<unknown> {
    const { id, type, event, change, evenIfCancelled } = chapterOf(step, kind);
    const changed = (outcome: unknown): Order =>
      change?.(this.#order, outcome as Order) ?? this.#order;
    const outcome = await this.#operation.step<unknown>(id, {
      // Every call of an order is keyed by the order.
      ...{ type, evenIfCancelled, repeatable: true },
      run: (signal) => call(signal),
      ...(event && {
        event: (value: unknown) => ({
          kind: event[0],
          description: event[1],
          metadata: orderMetadata(changed(value)),
        }),
      }),
    });
    this.#order = changed(outcome);
    return outcome;
  }

  /** Undoes a step; one that turns out not to have been taken needs no undoing. */
  async takeBack(task: PerformTask): Promise<void> {
    const { id } = chapterOf(task.id, task.kind);
    try {
      await this.take(task);
    } catch (caught) {
      const error = RpcError.from(caught);
      if (error.code === Code.NOT_FOUND) return;
      // Nothing here can mend it, and hiding it would cost somebody pieces or money.
      this.#operation.log.error({ err: error, step: id }, 'a step of an order cannot be undone');
      const description = `Cannot be undone (${id}), a person has to look: ${error.message}`;
      await this.#tellFailure(`${id}-failure`, description, error);
      throw error;
    }
  }

  /** Tells of the failure: what was done is going to be undone. */
  async fail(error: RpcError): Promise<void> {
    const undoing = { ...this.#order, state: OrderState.ORDER_STATE_UNDOING };
    this.#order = undoing;
    await this.#tellFailure('failure', error.message, error);
  }

  /** The order has ended with an error, and nothing of it is left. */
  async end(error: RpcError): Promise<void> {
    await this.#operation.setMetadata(orderMetadata(endedOrder(this.#order, error.toStatus())));
  }

  async #tellFailure(id: string, description: string, error: RpcError): Promise<void> {
    const kind = OrderEventKind.ORDER_EVENT_KIND_STEP_FAILED;
    const metadata = orderMetadata(this.#order);
    await this.#operation.step(id, {
      type: Empty,
      repeatable: true,
      run: async () => Empty.create(),
      event: () => ({ kind, description, error: error.toStatus(), metadata }),
      evenIfCancelled: true,
    });
  }
}
