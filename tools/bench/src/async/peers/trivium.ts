import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { packAny } from '@trivium/rpc';
import { Empty } from '@trivium/contracts/google/protobuf/empty';
import { CONCURRENCY } from '../durable-peer.ts';
import type { DurablePeer } from '../durable-peer.ts';
import { openEngine } from '../engine.ts';

/** Ours: the engine in this process, on a file in the folder; it has as much in hand as the others. */
export async function open(folder: string, maxRunning = CONCURRENCY): Promise<DurablePeer> {
  const empty = packAny(Empty, {});
  // One promise for all that is held back: what each of them holds is the engine's.
  let gate = Promise.withResolvers<typeof empty>();
  const { operations, close } = await openEngine(
    join(folder, 'operations.db'),
    { empty: async () => empty, held: () => gate.promise },
    { maxRunning },
  );
  await operations.resume();
  const request = Buffer.from('{"key":""}');
  return {
    start: (requestId) => operations.start({ kind: 'held', requestId, request }).then(nameOf),
    async finish(requestId) {
      const { name } = await operations.start({ kind: 'empty', requestId, request });
      await operations.wait(name);
      return name;
    },
    async settle() {
      gate.resolve(empty);
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

function nameOf({ name }: { readonly name: string }): string {
  return name;
}
