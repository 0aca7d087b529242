import {
  Code,
  errorInfo,
  errorTable,
  preconditionFailure,
  resourceInfo,
  RpcError,
} from '@trivium/rpc';
import { DatabaseUnavailable } from '@trivium/sqlite';
import {
  InsufficientStock,
  ReservationEnded,
  ReservationIdReused,
  UnknownReservation,
  UnknownSkus,
} from './refusals.ts';

const domain = 'shop.inventory.v1';
const reservationType = 'shop.inventory.v1.Reservation';

/** How what the inventory refuses leaves the service. */
export const errors = errorTable([
  [
    UnknownSkus,
    ({ message, skus }: UnknownSkus) =>
      new RpcError(Code.NOT_FOUND, message, {
        details: [
          // First, because details that are too large for a trailer lose their last ones: the count
          // says whether any are missing.
          errorInfo({
            reason: 'UNKNOWN_SKU',
            domain,
            metadata: { skuCount: String(skus.length) },
          }),
          ...skus.map((sku) =>
            resourceInfo({
              resourceType: 'sku',
              resourceName: sku,
              description: 'The inventory does not keep this SKU',
            }),
          ),
        ],
      }),
  ],
  [
    InsufficientStock,
    ({ message, shortages }: InsufficientStock) =>
      new RpcError(Code.FAILED_PRECONDITION, message, {
        details: [
          // First and brief: fifty lines just fit into a trailer, and the reason matters less.
          preconditionFailure(
            shortages.map(({ sku, wanted, available }) => ({
              type: 'STOCK',
              subject: sku,
              description: `wanted ${wanted}, available ${available}`,
            })),
          ),
          errorInfo({ reason: 'INSUFFICIENT_STOCK', domain }),
        ],
      }),
  ],
  [
    UnknownReservation,
    ({ message, reservationId }: UnknownReservation) =>
      new RpcError(Code.NOT_FOUND, message, {
        details: [
          errorInfo({ reason: 'UNKNOWN_RESERVATION', domain }),
          resourceInfo({
            resourceType: reservationType,
            resourceName: reservationId,
            description: 'No reservation was made under this id',
          }),
        ],
      }),
  ],
  [
    ReservationIdReused,
    ({ message, reservationId }: ReservationIdReused) =>
      new RpcError(Code.ALREADY_EXISTS, message, {
        details: [
          errorInfo({ reason: 'RESERVATION_ID_REUSED', domain, metadata: { reservationId } }),
          resourceInfo({
            resourceType: reservationType,
            resourceName: reservationId,
            description: message,
          }),
        ],
      }),
  ],
  [
    ReservationEnded,
    ({ message, reservation: { reservationId, state } }: ReservationEnded) =>
      new RpcError(Code.FAILED_PRECONDITION, message, {
        details: [
          errorInfo({ reason: `RESERVATION_${state}`, domain, metadata: { reservationId } }),
          preconditionFailure([
            { type: 'RESERVATION_STATE', subject: reservationId, description: message },
          ]),
        ],
      }),
  ],
  [
    DatabaseUnavailable,
    (cause: DatabaseUnavailable) =>
      new RpcError(Code.UNAVAILABLE, 'The inventory cannot use its database now', { cause }),
  ],
]);
