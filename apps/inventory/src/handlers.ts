import { ReservationState } from '@trivium/contracts/shop/inventory/v1/inventory';
import type {
  DeepPartial,
  InventoryDefinition,
  Reservation as ReservationMessage,
} from '@trivium/contracts/shop/inventory/v1/inventory';
import { durationToMs } from '@trivium/rpc';
import type { Handlers } from '@trivium/rpc';
import type { Inventory } from './inventory.ts';
import type { Reservation } from './reservation.ts';

/** Translates between the contract `shop.inventory.v1.Inventory` and the inventory. */
export function createHandlers(inventory: Inventory): Handlers<InventoryDefinition> {
  return {
    getStock: async ({ skus }) => ({
      levels: inventory.levels(skus).map(({ sku, onHand, reserved, shipped, received }) => ({
        sku,
        onHand: BigInt(onHand),
        reserved: BigInt(reserved),
        shipped: BigInt(shipped),
        received: BigInt(received),
      })),
    }),

    reserve: async ({ reservationId, lines, ttl }) => ({
      reservation: messageOf(
        await inventory.reserve({
          reservationId,
          lines: lines.map(({ sku, quantity }) => ({ sku, quantity })),
          // Up, because holding a fraction of a millisecond less would break the promise.
          ttlMs: ttl && Math.ceil(durationToMs(ttl)),
        }),
      ),
    }),

    commit: async ({ reservationId }) => ({
      reservation: messageOf(await inventory.commit(reservationId)),
    }),

    release: async ({ reservationId }) => ({
      reservation: messageOf(await inventory.release(reservationId)),
    }),
  };
}

const states: Record<Reservation['state'], ReservationState> = {
  HELD: ReservationState.RESERVATION_STATE_HELD,
  COMMITTED: ReservationState.RESERVATION_STATE_COMMITTED,
  RELEASED: ReservationState.RESERVATION_STATE_RELEASED,
  EXPIRED: ReservationState.RESERVATION_STATE_EXPIRED,
};

function messageOf(reservation: Reservation): DeepPartial<ReservationMessage> {
  const { reservationId, lines, state, expiresAtMs } = reservation;
  return {
    reservationId,
    lines: [...lines],
    state: states[state],
    expireTime: new Date(expiresAtMs),
  };
}
