import type { QuoteRequest } from '@trivium/contracts/shop/checkout/v1/checkout';
import type { Carrier } from '@trivium/contracts/shop/shipping/v1/shipping';
import { plan } from '@trivium/parallel';
import type { Backends } from './backends.ts';
import { packParcel } from './parcel.ts';

/**
 * What a quote calls, and what reads what: products, stock and carriers at once, then every carrier's rate as soon as
 * the products' weights are known. A quote needs its products; anything else may be missing.
 */
export function createQuotePlan(backends: Backends, { timeoutMs }: { timeoutMs: number }) {
  const { catalog, inventory, shipping, ratesOf } = backends;
  const skusOf = ({ lines }: QuoteRequest) => lines.map(({ sku }) => sku);
  const optional = { optional: true, timeoutMs } as const;
  return plan<QuoteRequest>()
    .step('products', async ({ input, signal }) => {
      const { products } = await catalog.batchGetProducts({ skus: skusOf(input) }, { signal });
      return { products, parcel: packParcel(input.lines, products) };
    })
    .step(
      'stock',
      ({ input, signal }) => inventory.getStock({ skus: skusOf(input) }, { signal }),
      optional,
    )
    .step('carriers', ({ signal }) => shipping.listCarriers({}, { signal }), optional)
    .each(
      'rates',
      ['products', 'carriers'],
      ({ carriers }): readonly Carrier[] => (carriers.ok ? carriers.value.carriers : []),
      ({ carrierId }, { input, products, signal }) =>
        ratesOf(carrierId).quoteRate(
          { carrierId, parcel: products.parcel, destination: input.destination },
          { signal },
        ),
      { key: ({ carrierId }) => carrierId, timeoutMs },
    );
}

/** A plan of a quote. */
export type QuotePlan = ReturnType<typeof createQuotePlan>;
