import { randomUUID } from 'node:crypto';
import { openOperationStore } from '@trivium/async';

/** How much a log holds. */
export interface LogContents {
  readonly operations: number;
  readonly eventsEach: number;
}

const AT_A_TIME = 64;
const response = Buffer.alloc(100, 'a lot of tea, ');

/**
 * Writes operations that have ended into a store, each with its events, through the store itself: as
 * an engine would, but for all of an operation's events being one commit. They are named
 * `log-0`, `log-1` and so on.
 */
export async function fillLog(
  path: string,
  { operations, eventsEach }: LogContents,
): Promise<void> {
  const store = await openOperationStore({ path });
  const owner = 'bench';
  await store.renew({ owner, leaseMs: 600_000 });
  let next = 0;
  const fill = async () => {
    for (let index = next++; index < operations; index = next++) {
      const accepted = await store.accept(
        {
          id: `log-${index}`,
          kind: 'empty',
          requestId: randomUUID(),
          request: Buffer.from('{}'),
          event: { kind: 'ACCEPTED', description: 'Accepted' },
        },
        { owner },
      );
      if (accepted.kind !== 'accepted' || !accepted.lease) throw new Error('It was not accepted');
      const told = { kind: 'TOLD', description: 'A step of the work is done', attempt: 1 };
      await store.record(accepted.lease, {
        events: Array.from({ length: eventsEach - 2 }, () => told),
        end: { kind: 'SUCCEEDED', description: 'Succeeded', response },
      });
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, fill));
  await store.close();
}
