import { CallsDefinition } from '@trivium/contracts/trivium/calls/v1/calls';
import { createClient, openChannel } from '@trivium/rpc';
import { answerMessages } from '../../load/answer-messages.ts';
import { closedLoop } from '../closed-loop.ts';
import type { DurableLoad } from '../closed-loop.ts';
import { TIMEOUT_MS, assertDone, callRequest, startRequest } from './requests.ts';

/** The callers of one host: `caller-process.ts ADDRESS`; loads come over IPC. */
const [address = ''] = process.argv.slice(2);
const channel = openChannel(address);
await channel.ready();
const calls = createClient(CallsDefinition, channel);
const options = { timeoutMs: TIMEOUT_MS };

const kinds = {
  start: (requestId: string) => calls.start(startRequest(requestId), options),
  finish: async (requestId: string) =>
    assertDone(await calls.call(callRequest(requestId), options)),
};

answerMessages((load: DurableLoad) => closedLoop(kinds[load.call], load));
