import { CallsDefinition } from '@trivium/contracts/trivium/calls/v1/calls';
import { createClient, openChannel } from '@trivium/rpc';
import { answerMessages } from '../../load/answer-messages.ts';
import { closedLoop } from '../closed-loop.ts';
import type { DurableLoad } from '../closed-loop.ts';

/** The callers of one host: `caller-process.ts ADDRESS`; loads come over IPC. */
const [address = ''] = process.argv.slice(2);
const channel = openChannel(address);
await channel.ready();
const calls = createClient(CallsDefinition, channel);
const call = { method: 'shop.catalog.v1.Catalog/GetProduct', request: { sku: 'MUG-STONE-01' } };
const wait = { seconds: 10n, nanos: 0 };

const kinds = {
  start: (requestId: string) =>
    calls.start({ requestId, work: { $case: 'call', value: call } }, { timeoutMs: 30_000 }),
  finish: async (requestId: string) => {
    const { outcome } = await calls.call({ requestId, call, wait }, { timeoutMs: 30_000 });
    if (outcome?.$case !== 'operation' || !outcome.value.done) {
      throw new Error('Its work was not finished');
    }
  },
};

answerMessages((load: DurableLoad) => closedLoop(kinds[load.call], load));
