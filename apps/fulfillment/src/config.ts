import { defineConfig, serviceVariables } from '@trivium/rpc';
import type { ConfigOf } from '@trivium/rpc';
import { z } from 'zod';

const stageRange = 'must be a whole number of milliseconds from 0 to 3600000';

/** What the fulfillment service reads from its environment. */
export const config = defineConfig({
  ...serviceVariables({ port: 50055 }),
  STAGE_MS: z.coerce
    .number(stageRange)
    .refine((ms) => Number.isInteger(ms) && ms >= 0 && ms <= 3_600_000, stageRange)
    .default(400)
    .describe('Milliseconds that picking takes; each later stage takes as many more'),
});

/** The fulfillment service's configuration, validated. */
export type Config = ConfigOf<typeof config>;
