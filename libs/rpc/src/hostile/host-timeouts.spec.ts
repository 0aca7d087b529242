import { closeAll } from '../spec/echo.ts';
import { startEchoHost, type EchoHost } from '../spec/echo-service.ts';
import { makeGoodCall, send } from './raw-request.ts';

let host: EchoHost;
let served: number;

beforeEach(async () => {
  served = 0;
  host = await startEchoHost({
    say: async (request) => {
      served += 1;
      return request;
    },
  });
});

afterEach(async () => {
  await makeGoodCall(host.address);
  await closeAll();
  await host.drain({ force: true });
});

it.each(['0', 'abc5S', '-5S', '5', '5s', '5.5S', '123456789S', '5 S', '5S, 5S', 'S', ''])(
  'refuses a timeout of "%s", which is none',
  async (timeout) => {
    expect(await send(host.address, { headers: { 'grpc-timeout': timeout } })).toBe('INTERNAL');
    expect(served).toBe(0);
  },
);

it.each(['1n', '0n', '0S', '999u'])(
  'ends a call with a timeout of %s at once, and runs no handler for it',
  async (timeout) => {
    const outcome = await send(host.address, { headers: { 'grpc-timeout': timeout } });
    expect(outcome).toBe('DEADLINE_EXCEEDED');
    expect(served).toBe(0);
  },
);

it.each(['99999999H', '5S', '00000005S'])('serves a call with a timeout of %s', async (timeout) => {
  expect(await send(host.address, { headers: { 'grpc-timeout': timeout } })).toBe('OK');
  expect(served).toBe(1);
});
