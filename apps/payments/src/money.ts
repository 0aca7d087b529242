/** An amount in the smallest unit of its currency: 12.50 EUR is 1250n. */
export interface Money {
  readonly amountMinor: bigint;
  /** The ISO 4217 code. */
  readonly currency: string;
}

/** Whether two amounts are the same, currency included. */
export function sameMoney(a: Money, b: Money): boolean {
  return a.amountMinor === b.amountMinor && a.currency === b.currency;
}

/** An amount from zero up for a person, `12.50 EUR`, with the decimals that ISO 4217 gives it. */
export function formatMoney({ amountMinor, currency }: Money): string {
  const { maximumFractionDigits: decimals = 2 } = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
  }).resolvedOptions();
  const digits = amountMinor.toString().padStart(decimals + 1, '0');
  if (decimals === 0) return `${digits} ${currency}`;
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)} ${currency}`;
}
