import { defineConfig, serviceVariables } from '@trivium/rpc';
import type { ConfigOf } from '@trivium/rpc';
import { z } from 'zod';

const sweepRange = 'must be a whole number of milliseconds from 100 to 3600000';

/** What the inventory reads from its environment. */
export const config = defineConfig({
  ...serviceVariables({ port: 50052 }),
  SWEEP_INTERVAL_MS: z.coerce
    .number(sweepRange)
    .refine((ms) => Number.isInteger(ms) && ms >= 100 && ms <= 3_600_000, sweepRange)
    .default(30_000)
    .describe('Milliseconds between two rounds that book the ends of expired reservations'),
});

/** The inventory's configuration, validated. */
export type Config = ConfigOf<typeof config>;
