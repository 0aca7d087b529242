import { once } from 'node:events';
import { jest } from '@jest/globals';
import { Code } from '../error/code.ts';
import { closeAll } from '../spec/echo.ts';
import { openEchoClient, type EchoClient } from '../spec/echo-client.ts';
import { startEchoHost, type EchoHost } from '../spec/echo-service.ts';
import { rawCall } from '../spec/raw-call.ts';

let host: EchoHost;
let client: EchoClient;

beforeEach(async () => {
  // More than the window of flow control, so that it cannot leave unless it is read.
  const value = Buffer.alloc(1024 * 1024);
  host = await startEchoHost({ say: async () => ({ value }) }, { maxInFlight: 1 });
  client = openEchoClient(host.address);
});
afterEach(async () => {
  jest.useRealTimers();
  client.close();
  await closeAll();
  await host.drain({ force: true });
});

/** Asks until the host is not at its limit any more. */
async function untilServed(): Promise<void> {
  for (;;) {
    const code = await client.say({}).response.then(
      () => Code.OK,
      (error: { code: Code }) => error.code,
    );
    if (code === Code.OK) return;
    expect(code).toBe(Code.RESOURCE_EXHAUSTED);
  }
}

it('counts a call as in flight until its response has left', async () => {
  const unread = rawCall(host.address, 'Say');
  await once(unread, 'response');
  await expect(client.say({}).response).rejects.toMatchObject({ code: Code.RESOURCE_EXHAUSTED });
  unread.resume();
  await untilServed();
});

it('resets a call whose response is not taken within a minute', async () => {
  jest.useFakeTimers({ now: Date.now(), doNotFake: ['nextTick', 'setImmediate', 'performance'] });
  const unread = rawCall(host.address, 'Say');
  await once(unread, 'response');
  jest.advanceTimersByTime(60_000);
  jest.useRealTimers();
  await once(unread, 'close');
  expect(unread.rstCode).not.toBe(0);
  await untilServed();
});
