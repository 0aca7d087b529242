import { CallsDefinition } from '@trivium/contracts/trivium/calls/v1/calls';
import { Code, RpcError, bind, createFixedLimit, createLogger, startHost } from '@trivium/rpc';
import type { DurablePeer } from '../durable-peer.ts';
import { openDurablePeer } from '../durable-peers.ts';
import { ECHO } from './grpc-entries.ts';
import { answerHostCommands } from './host-commands.ts';

/**
 * A host whose `Start` hands work in and whose `Call` answers once it is done: `host-process.ts TITLE
 * PLACE`. The one titled `ECHO` does neither, and answers at once. Tells its address over IPC.
 */
const [title, place = ''] = process.argv.slice(2);

const echo: DurablePeer = {
  start: async (requestId) => requestId,
  finish: async (requestId) => requestId,
  settle: async () => undefined,
  close: async () => undefined,
};
const peer = title === ECHO ? echo : await openDurablePeer(title, place);

const notServed = (): never => {
  throw new RpcError(Code.UNIMPLEMENTED, 'Not part of the bench');
};
const host = await startHost({
  address: '127.0.0.1:0',
  log: createLogger({ name: 'bench', level: 'silent' }),
  // The host is what is compared, not when it begins to refuse.
  concurrencyLimit: createFixedLimit(Infinity),
  services: [
    bind(CallsDefinition, {
      start: async ({ requestId }) => ({ name: await peer.start(requestId) }),
      async call({ requestId }) {
        const value = { name: await peer.finish(requestId), done: true };
        return { outcome: { $case: 'operation' as const, value } };
      },
      watch: notServed,
      run: notServed,
      listMethods: notServed,
      listPlans: notServed,
    }),
  ],
});

answerHostCommands(() => peer.settle());
process.send?.(host.address);
