/** The order id stands for another order. */
export class OrderIdReused extends Error {
  override readonly name = 'OrderIdReused';
  readonly orderId: string;

  constructor(orderId: string) {
    super(`The order ${orderId} is being fulfilled with other lines, destination or carrier`);
    this.orderId = orderId;
  }
}

/** Nobody has asked to fulfill this order. */
export class UnknownShipment extends Error {
  override readonly name = 'UnknownShipment';
  readonly orderId: string;

  constructor(orderId: string) {
    super(`There is no shipment of the order ${orderId}`);
    this.orderId = orderId;
  }
}

/** A watcher has seen more, it says, than the shipment's whole story. */
export class SequenceBeyondEnd extends Error {
  override readonly name = 'SequenceBeyondEnd';
  readonly last: number;

  constructor(last: number) {
    super(`The shipment is delivered, and its last event is ${last}`);
    this.last = last;
  }
}
