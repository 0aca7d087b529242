import type { Reservation } from './reservation.ts';

/** Products are asked for that the inventory does not keep. */
export class UnknownSkus extends Error {
  override readonly name = 'UnknownSkus';
  /** All of them, in the order of the request. */
  readonly skus: readonly string[];

  constructor(skus: readonly string[]) {
    super(`The inventory does not keep ${listed(skus)}`);
    this.skus = skus;
  }
}

/** One line for which there are too few pieces. */
export interface Shortage {
  readonly sku: string;
  readonly wanted: number;
  readonly available: number;
}

/** At least one line of a reservation is short of pieces; nothing was reserved. */
export class InsufficientStock extends Error {
  override readonly name = 'InsufficientStock';
  /** Every line that is short, in the order of the request. */
  readonly shortages: readonly Shortage[];

  constructor(shortages: readonly Shortage[]) {
    super(`Too little stock of ${listed(shortages.map(({ sku }) => sku))}; nothing was reserved`);
    this.shortages = shortages;
  }
}

/** No reservation was made under this id. */
export class UnknownReservation extends Error {
  override readonly name = 'UnknownReservation';
  readonly reservationId: string;

  constructor(reservationId: string) {
    super(`There is no reservation ${JSON.stringify(reservationId)}`);
    this.reservationId = reservationId;
  }
}

/** A reservation was made under this id with another body; it stays as it is. */
export class ReservationIdReused extends Error {
  override readonly name = 'ReservationIdReused';
  readonly reservationId: string;

  constructor(reservationId: string) {
    super(
      `The reservation ${JSON.stringify(reservationId)} exists with other lines or another ttl; ` +
        'repeat the request as it was, or choose a new reservation_id',
    );
    this.reservationId = reservationId;
  }
}

/** A reservation has ended in another way than the one asked for, and ends once only. */
export class ReservationEnded extends Error {
  override readonly name = 'ReservationEnded';
  readonly reservation: Reservation;

  constructor(reservation: Reservation) {
    super(
      `The reservation ${JSON.stringify(reservation.reservationId)} is ${reservation.state}; ` +
        remedies[reservation.state],
    );
    this.reservation = reservation;
  }
}

const remedies: Record<Reservation['state'], string> = {
  HELD: 'commit or release it',
  COMMITTED: 'its pieces have left the house and cannot be given back',
  RELEASED: 'reserve the pieces again under a new reservation_id',
  EXPIRED: 'reserve the pieces again under a new reservation_id',
};

// A status message travels in a header, where a hundred SKUs would not fit.
function listed(skus: readonly string[]): string {
  return skus.length > 3 ? `${skus.length} SKUs` : skus.join(', ');
}
