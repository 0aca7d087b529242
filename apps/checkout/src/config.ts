import { type ConfigOf, defineConfig, serviceVariables } from '@trivium/rpc';
import { z } from 'zod';

const address = z.string().regex(/^[^\s:]+:\d+$/, 'must be host:port');
const positiveMs = z.coerce.number().int().positive();

/** Everything that checkout reads from its environment. */
export const config = defineConfig({
  ...serviceVariables({ port: 50056 }),
  CATALOG_ADDRESS: address.default('127.0.0.1:50051').describe('where catalog listens'),
  INVENTORY_ADDRESS: address.default('127.0.0.1:50052').describe('where inventory listens'),
  PAYMENTS_ADDRESS: address.default('127.0.0.1:50053').describe('where payments listens'),
  SHIPPING_ADDRESS: address.default('127.0.0.1:50054').describe('where shipping listens'),
  FULFILLMENT_ADDRESS: address.default('127.0.0.1:50055').describe('where fulfillment listens'),
  CARRIER_ADDRESSES: z
    .string()
    .default('')
    .transform((text, context) => {
      const pairs = text
        .split(',')
        .filter(Boolean)
        .map((pair) => pair.split('='));
      const isWhole = ([carrierId, at]: string[]) => carrierId && address.safeParse(at).success;
      if (pairs.every(isWhole)) return new Map(pairs as [string, string][]);
      context.addIssue('must be CARRIER=HOST:PORT, separated by commas');
      return z.NEVER;
    })
    .describe('carriers whose rates come from elsewhere, as CARRIER=HOST:PORT,…'),
  CARRIER_TIMEOUT_MS: positiveMs
    .default(1_000)
    .describe('how long a quote waits for each carrier, in milliseconds'),
  ORDER_PATIENCE_MS: positiveMs
    .default(600_000)
    .describe('how long a step of an order is tried while a service is away, in milliseconds'),
});

/** Checkout's configuration, validated. */
export type Config = ConfigOf<typeof config>;
