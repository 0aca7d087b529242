import { postgres } from './postgres.ts';
import { redis } from './redis.ts';
import { restate } from './restate.ts';

/** Every server that a peer may need, by its name. */
export const servers = { redis, postgres, restate };

/** The name of a server. */
export type ServerName = keyof typeof servers;
