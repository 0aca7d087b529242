import { Client, credentials } from '@grpc/grpc-js';
import {
  OperationLogDefinition,
  WatchOperationRequest,
  WatchOperationResponse,
} from '@trivium/contracts/trivium/operations/v1/operation_log';
import { operationName } from '@trivium/async';
import { answerMessages } from '../../load/answer-messages.ts';
import { WATCHED_ID, nowUs } from './watch-messages.ts';
import type { WatchersCommand } from './watch-messages.ts';

/** Watchers of one service, raw grpc-js for all of them: `watchers-process.ts ADDRESS`. */
const [address = ''] = process.argv.slice(2);
const CONNECTIONS = 4;
const clients = Array.from(
  { length: CONNECTIONS },
  () => new Client(address, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 }),
);

let watchers = 0;
/** The sequence of the first event that is looked for now, and when it and the next ones were seen. */
let first = 1;
let receivedUs: number[][] = [];
let missing = 0;
let allSeen = () => {};

answerMessages(async (command: WatchersCommand) => {
  if (command.what === 'open') {
    const opened = seeing({ events: 1, by: command.watchers });
    for (let more = command.watchers; more > 0; more--) open();
    await opened;
    return watchers;
  }
  first += receivedUs.length;
  await seeing({ events: command.events, by: watchers });
  return receivedUs;
});

/** Resolves once each of so many watchers has seen so many events. */
function seeing({ events, by }: { events: number; by: number }): Promise<void> {
  receivedUs = Array.from({ length: events }, () => []);
  missing = events * by;
  return new Promise((resolve) => (allSeen = resolve));
}

function open(): void {
  const client = clients[watchers++ % CONNECTIONS] as Client;
  let last = 0n;
  const stream = client.makeServerStreamRequest(
    `/${OperationLogDefinition.fullName}/WatchOperation`,
    (request: WatchOperationRequest) => Buffer.from(WatchOperationRequest.encode(request).finish()),
    (bytes) => WatchOperationResponse.decode(bytes),
    WatchOperationRequest.fromPartial({ name: operationName(WATCHED_ID) }),
  );
  stream.on('data', ({ event }: WatchOperationResponse) => {
    const sequence = event?.sequence ?? 0n;
    if (last !== 0n && sequence !== last + 1n) fail(`${sequence} came after ${last}`);
    last = sequence;
    const received = receivedUs[Number(sequence) - first];
    if (!received) return fail(`nobody waits for ${sequence}`);
    received.push(nowUs());
    if (--missing === 0) allSeen();
  });
  stream.on('error', fail);
  stream.on('end', () => fail('the stream has ended'));
}

function fail(error: unknown): never {
  console.error('A watcher failed:', error);
  process.exit(1);
}
