import { defineConfig, serviceVariables, type ConfigOf } from '@trivium/rpc';
import { z } from 'zod';
import { readCarrierIds, readDelaysMs } from './carrier-settings.ts';

/** A schema for text that a function reads; what it throws is what the user is told. */
const readBy = <T>(read: (text: string) => T) =>
  z.string().transform((text, context) => {
    try {
      return read(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
      return z.NEVER;
    }
  });

/** The environment variables of this service. */
export const config = defineConfig({
  ...serviceVariables({ port: 50054 }),
  CARRIERS: readBy(readCarrierIds)
    .default(readCarrierIds())
    .describe('The carriers to quote for, by id'),
  CARRIER_DELAYS_MS: readBy(readDelaysMs)
    .optional()
    .describe('How many milliseconds carriers take to answer, like swift=40,postal=90'),
});

/** What they are once read. */
export type Config = ConfigOf<typeof config>;
