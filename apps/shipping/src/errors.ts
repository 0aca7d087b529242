import {
  badRequest,
  Code,
  errorInfo,
  errorTable,
  preconditionFailure,
  resourceInfo,
  RpcError,
} from '@trivium/rpc';
import { ParcelRefused } from './parcel-refused.ts';
import { MalformedPostalCode } from './postal-code.ts';
import { UnknownCarrier } from './rate-engine.ts';

/** How what the carriers refuse leaves the service. */
export const errors = errorTable([
  [
    MalformedPostalCode,
    ({ message }) =>
      new RpcError(Code.INVALID_ARGUMENT, `destination.postal_code ${message}`, {
        details: [badRequest([{ field: 'destination.postal_code', description: message }])],
      }),
  ],
  [
    UnknownCarrier,
    ({ message, carrierId }) =>
      new RpcError(Code.NOT_FOUND, message, {
        details: [
          resourceInfo({
            resourceType: 'shop.shipping.v1.Carrier',
            resourceName: carrierId,
            description: message,
          }),
        ],
      }),
  ],
  [
    ParcelRefused,
    ({ message, carrierId, refusals }) =>
      new RpcError(Code.FAILED_PRECONDITION, message, {
        details: [
          preconditionFailure(
            refusals.map(({ reason, description }) => ({
              type: reason,
              subject: `carriers/${carrierId}`,
              description,
            })),
          ),
          errorInfo({
            reason: refusals[0]!.reason,
            domain: 'shop.shipping.v1',
            metadata: { carrierId },
          }),
        ],
      }),
  ],
]);
