import { defineConfig, serviceVariables } from '@trivium/rpc';
import type { ConfigOf } from '@trivium/rpc';

/** What the payments service reads from its environment. */
export const config = defineConfig(serviceVariables({ port: 50053 }));

/** The payments service's configuration, validated. */
export type Config = ConfigOf<typeof config>;
