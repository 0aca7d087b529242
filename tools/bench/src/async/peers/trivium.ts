import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { packAny } from '@trivium/rpc';
import { Empty } from '@trivium/contracts/google/protobuf/empty';
import type { DurablePeer } from '../durable-peer.ts';
import { openEngine } from '../engine.ts';

/** Ours: the engine in this process, on a file in the folder. */
export async function open(folder: string): Promise<DurablePeer> {
  const empty = packAny(Empty, {});
  let gate = Promise.withResolvers<void>();
  const { operations, close } = await openEngine(join(folder, 'operations.db'), {
    empty: async () => empty,
    held: async () => {
      await gate.promise;
      return empty;
    },
  });
  await operations.resume();
  const request = Buffer.from('{"key":""}');
  return {
    start: async (requestId) => (await operations.start({ kind: 'held', requestId, request })).name,
    async finish(requestId) {
      const { name } = await operations.start({ kind: 'empty', requestId, request });
      await operations.wait(name);
      return name;
    },
    async settle() {
      gate.resolve();
      for (;;) {
        const left = await operations.list({ filter: 'done=false', pageSize: 1 });
        if (left.operations.length === 0) break;
        await delay(10);
      }
      gate = Promise.withResolvers();
    },
    close,
  };
}
