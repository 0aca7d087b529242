import type { QuoteRequest } from '@trivium/contracts/shop/checkout/v1/checkout';
import type { Destination } from '@trivium/contracts/shop/type/v1/parcel';

/** What the tour buys: the same in all three styles. */
export const basket: { lines: QuoteRequest['lines']; destination: Destination } = {
  lines: [
    { sku: 'MUG-STONE-01', quantity: 2 },
    { sku: 'LAMP-DESK-01', quantity: 1 },
  ],
  destination: { country: 'DE', postalCode: '10115' },
};

/**
 * How long each carrier's rate engine takes to answer, in milliseconds. Real ones are across the internet; on one
 * machine they would answer before one could see that anybody waited.
 */
export const carrierDelays = 'albatross=60,ox=110,postal=90,stork=75,swift=35';

/** How long a stage of a shipment takes, in milliseconds: real ones take hours, and nobody would watch. */
export const stageMs = '60';
