import { LifecycleKind } from '@trivium/async';
import type { OperationEvent } from '@trivium/async';
import { ShipmentState } from '@trivium/contracts/shop/fulfillment/v1/fulfillment';

/** Something that happened to a shipment. */
export interface ShipmentEvent {
  /** 1 for the acceptance, 2 to 5 for the stages. */
  readonly sequence: number;
  readonly state: ShipmentState;
  readonly time: Date;
  readonly description: string;
}

/** The sequence of the last event of every shipment. */
export const lastSequence: number = ShipmentState.SHIPMENT_STATE_DELIVERED;

/**
 * What an event of the operation says of its shipment; undefined for what only the operation knows,
 * such as a restart. A shipment comes to each state once, in their order, so that the number of the
 * state is the event's number too.
 */
export function shipmentEvent(event: OperationEvent): ShipmentEvent | undefined {
  const { kind, time, description } = event;
  if (kind === LifecycleKind.ACCEPTED) {
    const state = ShipmentState.SHIPMENT_STATE_ACCEPTED;
    return { sequence: state, state, time, description };
  }
  if (typeof kind === 'string') return undefined;
  return { sequence: kind, state: kind as ShipmentState, time, description };
}
