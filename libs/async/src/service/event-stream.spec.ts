import { once } from 'node:events';
import {
  OperationLogDefinition,
  WatchOperationResponse,
} from '@trivium/contracts/trivium/operations/v1/operation_log';
import { bind, createLogger, type Host, startHost } from '@trivium/rpc';
import { bytes, closeEngines, openEngine, textAny } from '../fixtures/open-engine.ts';
import { rawWatch } from '../fixtures/raw-watch.ts';
import type { RunningOperation } from '../engine/running-operation.ts';
import { createEventStream } from './event-stream.ts';
import { watchResponse } from './watch-response.ts';

const watchers = 20;
const messages = 100;

let host: Host;

afterEach(async () => {
  await host.drain({ force: true });
  await closeEngines();
});

/** Serves an operation that tells events of a size, and counts how many were encoded. */
async function serveEvents(messageBytes: number) {
  const begun = Promise.withResolvers<RunningOperation>();
  const { operations } = await openEngine({
    tell: async (operation) => {
      begun.resolve(operation);
      const payload = { typeUrl: 'x', value: Buffer.alloc(messageBytes) };
      for (let count = 0; count < messages; count += 1) {
        await operation.emit({ kind: count, description: '', payload });
      }
      return textAny('done');
    },
  });
  const encoded: number[] = [];
  const watch = createEventStream({
    operations,
    type: WatchOperationResponse,
    toResponse(event) {
      encoded.push(event.sequence);
      return watchResponse(event);
    },
  });
  const service = bind(OperationLogDefinition, {
    describeOperation: async () => ({}),
    describeOperations: async () => ({}),
    watchOperation: ({ name }, call) => watch(name, { call }),
  });
  const log = createLogger({ name: 'spec', level: 'silent' });
  host = await startHost({ address: '127.0.0.1:0', services: [service], log });
  const { name } = await operations.start({ kind: 'tell', requestId: 'r', request: bytes('') });
  return { operations, encoded, name };
}

it('reads no further ahead than a watcher that does not read has room for', async () => {
  const messageBytes = 100_000;
  const { operations, encoded, name } = await serveEvents(messageBytes);
  const { stream, session } = rawWatch(host.address, name);
  await once(stream, 'response');
  await operations.wait(name);
  // What the windows of flow control hold, and 64 KiB.
  expect(encoded.length).toBeLessThan(10);
  let receivedBytes = 0;
  stream.on('data', ({ length }: Buffer) => (receivedBytes += length));
  await once(stream, 'end');
  expect(receivedBytes).toBeGreaterThan(messages * messageBytes);
  session.close();
});

it('encodes each event once for all who are shown it', async () => {
  const { operations, encoded, name } = await serveEvents(100);
  const seen = Array.from({ length: watchers }, () => {
    const { stream, session } = rawWatch(host.address, name);
    stream.resume();
    return once(stream, 'end').then(() => session.close());
  });
  await operations.wait(name);
  await Promise.all(seen);
  expect(encoded).toHaveLength(messages + 2);
});
