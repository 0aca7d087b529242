import type { ShippingDefinition } from '@trivium/contracts/shop/shipping/v1/shipping';
import type { Handlers } from '@trivium/rpc';
import type { RateEngine } from './rate-engine.ts';
import { countriesOf } from './tariff.ts';

/** Translates between the contract `shop.shipping.v1.Shipping` and the rate engine. */
export function createHandlers(engine: RateEngine): Handlers<ShippingDefinition> {
  return {
    listCarriers: async () => ({
      carriers: engine.tariffs.map((tariff) => ({
        carrierId: tariff.carrierId,
        name: tariff.name,
        countries: [...countriesOf(tariff)],
        maxWeightGrams: tariff.maxWeightGrams,
        volumetricDivisor: tariff.volumetricDivisor,
      })),
    }),

    // The contract's rules make the parcel, its dimensions and the destination present.
    quoteRate: async ({ carrierId, parcel, destination }, { signal }) => {
      const { weightGrams, dimensions } = parcel!;
      const { lengthMm, widthMm, heightMm } = dimensions!;
      const rate = await engine.quote({
        carrierId,
        parcel: { weightGrams, sidesMm: [lengthMm, widthMm, heightMm] },
        destination: destination!,
        signal,
      });
      return {
        rate: {
          carrierId: rate.carrierId,
          price: { amountMinor: rate.priceMinor, currency: 'EUR' },
          zone: rate.zone,
          billedWeightGrams: rate.billedWeightGrams,
          minDays: rate.days[0],
          maxDays: rate.days[1],
        },
      };
    },
  };
}
