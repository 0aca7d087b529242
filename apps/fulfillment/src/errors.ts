import { badRequest, Code, errorInfo, errorTable, resourceInfo, RpcError } from '@trivium/rpc';
import { OrderIdReused, SequenceBeyondEnd, UnknownShipment } from './refusals.ts';

const domain = 'shop.fulfillment.v1';
const resourceType = 'shop.fulfillment.v1.Shipment';

/** How what the fulfillment refuses leaves the service. */
export const errors = errorTable([
  [
    OrderIdReused,
    ({ message, orderId }: OrderIdReused) =>
      new RpcError(Code.ALREADY_EXISTS, message, {
        details: [
          errorInfo({ reason: 'ORDER_ID_REUSED', domain }),
          resourceInfo({ resourceType, resourceName: orderId, description: message }),
        ],
      }),
  ],
  [
    UnknownShipment,
    ({ message, orderId }: UnknownShipment) =>
      new RpcError(Code.NOT_FOUND, message, {
        details: [
          errorInfo({ reason: 'UNKNOWN_SHIPMENT', domain }),
          resourceInfo({ resourceType, resourceName: orderId, description: message }),
        ],
      }),
  ],
  [
    SequenceBeyondEnd,
    ({ message, last }: SequenceBeyondEnd) =>
      new RpcError(Code.OUT_OF_RANGE, message, {
        details: [
          errorInfo({ reason: 'SEQUENCE_BEYOND_END', domain, metadata: { last: String(last) } }),
          badRequest([{ field: 'after_sequence', description: `must be at most ${last}` }]),
        ],
      }),
  ],
]);
