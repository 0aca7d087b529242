import { answerMessages } from '../load/answer-messages.ts';
import type { DurableLoad } from './closed-loop.ts';
import { closedLoop } from './closed-loop.ts';
import { openDurablePeer } from './durable-peers.ts';

/** One peer under measurement: `in-process-client.ts TITLE PLACE`; loads come over IPC. */
const [title, place = ''] = process.argv.slice(2);
const peer = await openDurablePeer(title, place);

answerMessages(async (load: DurableLoad) => {
  const measurement = await closedLoop((requestId) => peer[load.call](requestId), load);
  await peer.settle();
  return measurement;
});
