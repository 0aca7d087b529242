import { resolve } from 'node:path';
import { type ConfigOf, defineConfig, serviceVariables } from '@trivium/rpc';
import { z } from 'zod';

const beside = (name: string) => resolve(import.meta.dirname, '..', name);
const positive = z.coerce.number().int().positive();

/** Everything that the orchestrator reads from its environment. */
export const config = defineConfig({
  ...serviceVariables({ port: 50050 }),
  SERVICES_FILE: z
    .string()
    .default(beside('services.yaml'))
    .describe('the file in which backends are registered'),
  PLANS_DIR: z.string().default(beside('plans')).describe('the folder of the named plans'),
  OPERATION_TIMEOUT_MS: positive
    .default(86_400_000)
    .describe('how long an operation may take that says nothing else, in milliseconds'),
  MAX_CALLS: positive
    .default(1_000)
    .describe('the most calls of all plans that are in flight at a time'),
  MAX_CALLS_PER_BACKEND: positive
    .default(256)
    .describe('the most calls of all plans to one backend that are in flight at a time'),
  MAX_MESSAGE_BYTES: positive
    .default(4 * 1024 * 1024)
    .describe('the largest message to and from a backend, in bytes'),
});

/** The orchestrator's configuration, validated. */
export type Config = ConfigOf<typeof config>;
