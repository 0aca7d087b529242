import { setTimeout } from 'node:timers/promises';
import { createOperations, watchOperation } from '@trivium/async';
import type { AroundAttempt, Operations, OperationStore } from '@trivium/async';
import { FulfillRequest, ShipmentState } from '@trivium/contracts/shop/fulfillment/v1/fulfillment';
import { Code, RpcError } from '@trivium/rpc';
import type { CallContext, Logger } from '@trivium/rpc';
import { fulfillmentWork } from './fulfillment-work.ts';
import type { Delay } from './fulfillment-work.ts';
import { OrderIdReused, SequenceBeyondEnd, UnknownShipment } from './refusals.ts';
import { lastSequence, shipmentEvent } from './shipment-event.ts';
import type { ShipmentEvent } from './shipment-event.ts';
import type { Order } from './stages.ts';
import { trackingNumber } from './tracking-number.ts';

/** The parcel of one order, as it is now. */
export interface Shipment {
  readonly order: Order;
  readonly state: ShipmentState;
  /** Empty until the parcel is handed over. */
  readonly trackingNumber: string;
  /** All that happened so far. */
  readonly events: readonly ShipmentEvent[];
}

/** What shipments are made from. */
export interface ShipmentsOptions {
  readonly store: OperationStore;
  readonly log: Logger;
  /** How long the first stage takes, in milliseconds; the second takes twice as long, and so on. */
  readonly stageMs: number;
  /** Stands around each attempt at a shipment, such as a span. Default: nothing. */
  readonly aroundAttempt?: AroundAttempt | undefined;
  /** How stages take their time. Default: a timer. */
  readonly delay?: Delay;
}

/** Opens the shipments of a store, and goes on with those that an earlier process left. */
export async function openShipments(options: ShipmentsOptions): Promise<Shipments> {
  const { store, log, stageMs, delay = realDelay, aroundAttempt } = options;
  const kinds = { fulfill: fulfillmentWork({ stageMs, delay }) };
  const operations = createOperations({ store, log, kinds, aroundAttempt });
  const resumed = await operations.resume();
  if (resumed > 0) log.info({ resumed }, 'unfinished shipments go on');
  return new Shipments(operations);
}

const realDelay: Delay = (ms, signal) => setTimeout(ms, undefined, { signal });

/** The shipments of all orders: for each a durable operation, with the order's id as its key. */
export class Shipments {
  readonly #operations: Operations<'fulfill'>;

  constructor(operations: Operations<'fulfill'>) {
    this.#operations = operations;
  }

  /**
   * Starts the fulfillment of an order, or finds the one that was started: it is on disk once this
   * resolves with its name. Throws OrderIdReused if that was for something else.
   */
  async accept(order: Order): Promise<string> {
    const request = FulfillRequest.encode({ ...order, afterSequence: 0n }).finish();
    try {
      const accepted = { kind: 'fulfill', requestId: order.orderId, request } as const;
      return (await this.#operations.start(accepted)).name;
    } catch (error) {
      const isReused = error instanceof RpcError && error.code === Code.ALREADY_EXISTS;
      throw isReused ? new OrderIdReused(order.orderId) : error;
    }
  }

  /**
   * The events of a shipment after a sequence, those that are there and then each as it happens,
   * until the parcel is delivered. Throws SequenceBeyondEnd at that point if the sequence is one
   * that no event has, and `UNAVAILABLE` when the host drains.
   */
  async *watch(
    name: string,
    { after, call }: { after: number; call: Pick<CallContext, 'signal' | 'draining'> },
  ): AsyncGenerator<ShipmentEvent, void, undefined> {
    // From the beginning, because an operation's events and its shipment's are numbered apart.
    for await (const event of watchOperation(this.#operations, name, { call })) {
      if (event.error) throw new Error(`${name} failed: ${event.error.message}`);
      const shown = shipmentEvent(event);
      if (!shown) continue;
      if (shown.sequence > after) yield shown;
      if (shown.sequence === lastSequence) break;
    }
    if (after > lastSequence) throw new SequenceBeyondEnd(lastSequence);
  }

  /** The shipment of an order as it is now. Throws UnknownShipment when there is none. */
  async get(orderId: string): Promise<Shipment> {
    const record = await this.#operations.findByRequestId(orderId);
    if (!record) throw new UnknownShipment(orderId);
    const events: ShipmentEvent[] = [];
    for await (const event of this.#operations.events(record.name)) {
      const shown = shipmentEvent(event);
      if (shown) events.push(shown);
      if (event.sequence === record.lastSequence) break;
    }
    const order = FulfillRequest.decode(record.request);
    const state = events.at(-1)?.state ?? ShipmentState.SHIPMENT_STATE_UNSPECIFIED;
    const isHandedOver = state >= ShipmentState.SHIPMENT_STATE_HANDED_OVER;
    const number = isHandedOver ? trackingNumber(orderId, order.carrierId) : '';
    return { order, state, trackingNumber: number, events };
  }

  /** Stops all work; the next process goes on with it. */
  close(): Promise<void> {
    return this.#operations.close();
  }
}
