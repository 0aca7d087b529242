import { once } from 'node:events';
import { closeAll } from '../spec/echo.ts';
import { openEchoClient } from '../spec/echo-client.ts';
import { rawCall } from '../spec/raw-call.ts';
import { startEchoHost, type EchoHost } from '../spec/echo-service.ts';

const MESSAGE_BYTES = 1024 * 1024;
const MESSAGES = 128;
/** For the windows of flow control, the kernel's buffers, and the queues of both ends. */
const MOST_IN_TRANSIT = 8;

let host: EchoHost;

afterEach(async () => {
  await closeAll();
  await host.drain({ force: true });
});

/** Resolves once the number has stayed the same for a while. */
async function settled(read: () => number): Promise<number> {
  for (let before = -1; before !== read();) {
    before = read();
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return read();
}

it('asks a handler for no more responses than a reader that does not read has room for', async () => {
  let asked = 0;
  host = await startEchoHost({
    async *repeat() {
      const value = Buffer.alloc(MESSAGE_BYTES);
      for (; asked < MESSAGES; asked += 1) yield { value };
    },
  });
  // Not grpc-js, which reads sixteen messages ahead on its own account.
  const stream = rawCall(host.address, 'Repeat');
  await once(stream, 'response');
  expect(await settled(() => asked)).toBeLessThan(MOST_IN_TRANSIT);

  let receivedBytes = 0;
  stream.on('data', ({ length }: Buffer) => (receivedBytes += length));
  await once(stream, 'end');
  expect(receivedBytes).toBeGreaterThan(MESSAGES * MESSAGE_BYTES);
});

it('reads a caller no faster than the handler asks for requests', async () => {
  const goOn = Promise.withResolvers<void>();
  let received = 0;
  host = await startEchoHost({
    async collect(requests) {
      for await (const request of requests) {
        void request;
        received += 1;
        if (received === 1) await goOn.promise;
      }
      return {};
    },
  });
  const client = openEchoClient(host.address);
  const { call, response } = client.collect();
  const value = Buffer.alloc(MESSAGE_BYTES);
  let sent = 0;
  const writeNext = () => {
    if (sent === MESSAGES) return void call.end();
    sent += 1;
    call.write({ typeUrl: '', value }, writeNext);
  };
  writeNext();
  expect(await settled(() => sent)).toBeLessThan(MOST_IN_TRANSIT);

  goOn.resolve();
  await response;
  expect(received).toBe(MESSAGES);
  client.close();
});
