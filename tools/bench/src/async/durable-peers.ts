import type { DurablePeerModule } from './durable-peer.ts';
import type { ServerName } from './servers/servers.ts';

/** Something that is compared, and the server that it needs. */
export interface DurablePeerEntry {
  readonly title: string;
  /** The server that it needs; it has a folder instead when it needs none. */
  readonly server?: ServerName;
  /** Loads its library, in the process that it has for itself. */
  readonly load: () => Promise<DurablePeerModule>;
}

/** The titles of ours, and of its second instance. */
export const OURS = 'trivium';
export const OURS_AGAIN = 'trivium, again';
/** Ours as it comes: with room to have 10,000 in hand. */
export const OURS_ROOMY = 'trivium, room for 10,000';
export const BULLMQ = 'BullMQ';
export const PG_BOSS = 'pg-boss';
export const GRAPHILE_WORKER = 'graphile-worker';
export const RESTATE = 'Restate';
/** No rival, but what there is to have: the file that ours is built on, and nothing else. */
export const SQLITE_ALONE = 'SQLite alone';

const trivium = () => import('./peers/trivium.ts');
const roomyTrivium = async (): Promise<DurablePeerModule> => {
  const { open } = await trivium();
  return { open: (folder) => open(folder, 10_000) };
};

/**
 * All that are compared, in the order in which they take turns: the two of ours as far from each
 * other as can be, so that what disturbs one of them shows.
 */
export const durablePeers: readonly DurablePeerEntry[] = [
  { title: OURS, load: trivium },
  { title: BULLMQ, server: 'redis', load: () => import('./peers/bullmq.ts') },
  { title: PG_BOSS, server: 'postgres', load: () => import('./peers/pg-boss.ts') },
  { title: OURS_AGAIN, load: trivium },
  { title: GRAPHILE_WORKER, server: 'postgres', load: () => import('./peers/graphile-worker.ts') },
  { title: RESTATE, server: 'restate', load: () => import('./peers/restate.ts') },
  { title: OURS_ROOMY, load: roomyTrivium },
  { title: SQLITE_ALONE, load: () => import('./peers/sqlite-alone.ts') },
];

/** Opens a peer in this process. */
export async function openDurablePeer(title: string | undefined, place: string) {
  const entry = durablePeers.find((each) => each.title === title);
  if (!entry) throw new Error(`No such peer: ${title}`);
  return (await entry.load()).open(place);
}
