import type { QuoteRequest, QuoteResponse } from '@trivium/contracts/shop/checkout/v1/checkout';
import { CatalogDefinition } from '@trivium/contracts/shop/catalog/v1/catalog';
import { InventoryDefinition } from '@trivium/contracts/shop/inventory/v1/inventory';
import { ShippingDefinition } from '@trivium/contracts/shop/shipping/v1/shipping';
import { type StepTrace, run } from '@trivium/parallel';
import { durationFromMs, methodPath } from '@trivium/rpc';
import { reasonStatus } from './errors.ts';
import { addUp, priceLines } from './prices.ts';
import type { QuotePlan } from './quote-plan.ts';

/** Runs the plan of a quote until it is whole or `deadlineMs` have passed, and says what is missing and why. */
export async function quote(
  quotePlan: QuotePlan,
  request: QuoteRequest,
  options: { readonly signal: AbortSignal; readonly deadlineMs: number },
): Promise<QuoteResponse> {
  const { values, trace } = await run(quotePlan, request, options).result;
  const { products, parcel } = values.products;
  const levels = values.stock.ok ? values.stock.value.levels : undefined;
  const lines = priceLines(request.lines, products).map((line, index) => ({
    ...line,
    inStock: levels && (levels[index]?.onHand ?? 0n) >= BigInt(line.quantity),
  }));
  const offers = values.rates.flatMap(({ item, outcome }) => {
    const rate = outcome.ok ? outcome.value.rate : undefined;
    if (!rate) return [];
    const { carrierId, price, minDays, maxDays } = rate;
    return [{ carrierId, carrierName: item.name, price, minDays, maxDays }];
  });
  const price = (offer: { price?: { amountMinor: bigint } }) => offer.price?.amountMinor ?? 0n;
  const calls = trace.filter(({ id }) => id !== 'rates');
  return {
    lines,
    subtotal: addUp(lines.map(({ total }) => total)),
    offers: offers.sort((a, b) => Number(price(a) - price(b))),
    missing: calls
      .filter(({ state }) => state !== 'succeeded')
      .map(({ id, reason }) => ({ step: id, reason: reasonStatus(reason) })),
    timings: calls.map(timingOf),
    parcel,
  };
}

const methods: Readonly<Record<string, string>> = {
  products: methodPath(CatalogDefinition, 'batchGetProducts').slice(1),
  stock: methodPath(InventoryDefinition, 'getStock').slice(1),
  carriers: methodPath(ShippingDefinition, 'listCarriers').slice(1),
};
const rateMethod = methodPath(ShippingDefinition, 'quoteRate').slice(1);

const timingOf = ({ id, startMs, endMs, waitedFor, state, reason }: StepTrace) => ({
  step: id,
  method: methods[id] ?? rateMethod,
  waitedFor: [...waitedFor],
  startOffset: durationFromMs(startMs),
  endOffset: durationFromMs(endMs),
  status: state === 'succeeded' ? { code: 0, message: '', details: [] } : reasonStatus(reason),
});
