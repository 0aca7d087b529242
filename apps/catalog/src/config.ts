import { defineConfig, serviceVariables, type ConfigOf } from '@trivium/rpc';

/** The environment variables of this service. */
export const config = defineConfig(serviceVariables({ port: 50051 }));

/** What they are once read. */
export type Config = ConfigOf<typeof config>;
