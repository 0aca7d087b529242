import type { RunningOperation, StepType } from '@trivium/async';
import { Empty } from '@trivium/contracts/google/protobuf/empty';
import {
  type Order,
  OrderEventKind,
  OrderState,
} from '@trivium/contracts/shop/checkout/v1/checkout';
import { Code, RpcError } from '@trivium/rpc';
import { endedOrder, orderMetadata } from './order-state.ts';
import { mayHaveHappened } from './persist.ts';

/** A step of an order: what it does, and what is told and changed once it is done. */
export interface OrderStep<T> {
  run(signal: AbortSignal): Promise<T>;
  /** The event that tells of it; a step without one is recorded silently. */
  readonly event?: readonly [kind: OrderEventKind, description: string];
  /** How its outcome is kept; without a type it is not. */
  readonly type?: StepType<T>;
  /** What it changes of the order. */
  change?(order: Order, outcome: T): Order;
  /** Undoes it, should a later step fail. */
  undo?(): Promise<void>;
  /** Whether it is taken even if the order has been cancelled by then. Default: false. */
  readonly evenIfCancelled?: boolean;
}

/**
 * How far an order has come: its steps, each recorded together with its event and with the order as it is then, and
 * what has to be undone if a later one fails. In another process recorded steps are not taken again.
 */
export class OrderProgress {
  #order: Order;
  readonly #operation: RunningOperation;
  readonly #undos: (() => Promise<void>)[] = [];

  constructor(operation: RunningOperation, placed: Order) {
    this.#operation = operation;
    this.#order = placed;
  }

  /** The order as it is now. */
  get order(): Order {
    return this.#order;
  }

  /** Takes a step. Rejects with an `RpcError` when it fails for good. */
  async step<T>(id: string, step: OrderStep<T>): Promise<void> {
    const changed = (outcome: T) => step.change?.(this.#order, outcome) ?? this.#order;
    const { event } = step;
    try {
      const outcome = await this.#operation.step<T>(id, {
        // A step without a type has nothing that a later one reads.
        type: step.type ?? (Empty as unknown as StepType<T>),
        run: (signal) => step.run(signal),
        ...(event && {
          event: (value: T) => ({
            kind: event[0],
            description: event[1],
            metadata: orderMetadata(changed(value)),
          }),
        }),
        evenIfCancelled: step.evenIfCancelled ?? false,
      });
      this.#order = changed(outcome);
      if (step.undo) this.#undos.unshift(step.undo);
    } catch (error) {
      if (step.undo && mayHaveHappened(error)) this.#undos.unshift(step.undo);
      throw error;
    }
  }

  /** Tells of the failure, then undoes what was done, the last step first. */
  async undo(error: RpcError): Promise<void> {
    const state = OrderState.ORDER_STATE_UNDOING;
    await this.#record(
      'failure',
      OrderEventKind.ORDER_EVENT_KIND_STEP_FAILED,
      error.message,
      error,
      {
        ...this.#order,
        state,
      },
    );
    this.#order = { ...this.#order, state };
    for (const undo of this.#undos) await undo();
    await this.#operation.setMetadata(orderMetadata(endedOrder(this.#order, error.toStatus())));
  }

  /** Undoes one step; one that turns out not to have been taken needs no undoing. */
  async undoStep(id: string, step: OrderStep<unknown>): Promise<void> {
    try {
      await this.step(id, { ...step, evenIfCancelled: true });
    } catch (caught) {
      const error = RpcError.from(caught);
      if (error.code === Code.NOT_FOUND) return;
      // Nothing here can mend it, and hiding it would cost somebody pieces or money.
      this.#operation.log.error({ err: error, step: id }, 'a step of an order cannot be undone');
      const description = `Cannot be undone (${id}), a person has to look: ${error.message}`;
      const kind = OrderEventKind.ORDER_EVENT_KIND_STEP_FAILED;
      await this.#record(`${id}-failure`, kind, description, error, this.#order);
    }
  }

  async #record(
    id: string,
    kind: OrderEventKind,
    description: string,
    error: RpcError,
    order: Order,
  ): Promise<void> {
    await this.#operation.step(id, {
      type: Empty,
      run: async () => Empty.create(),
      event: () => ({ kind, description, error: error.toStatus(), metadata: orderMetadata(order) }),
      evenIfCancelled: true,
    });
  }
}
