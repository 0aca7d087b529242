import { Client, credentials } from '@grpc/grpc-js';
import { Code } from '../error/code.ts';
import { RpcError } from '../error/rpc-error.ts';
import { openEchoClient } from '../spec/echo-client.ts';
import { startEchoHost } from '../spec/echo-service.ts';

async function lineOf(error?: RpcError) {
  const host = await startEchoHost({
    say: async (request) => {
      if (error) throw error;
      return request;
    },
  });
  const client = openEchoClient(host.address);
  await client.say({}).response.catch(() => undefined);
  client.close();
  await host.drain();
  return host.lines.find(({ msg }) => msg === 'call');
}

it('logs one line for a call, with its method, code and milliseconds', async () => {
  expect(await lineOf()).toEqual({
    level: 'info',
    time: expect.any(Number),
    method: '/spec.v1.Echo/Say',
    code: 'OK',
    ms: expect.any(Number),
    msg: 'call',
  });
});

it('logs what a caller may expect as info, with its reason', async () => {
  expect(await lineOf(new RpcError(Code.NOT_FOUND, 'no t1'))).toMatchObject({
    level: 'info',
    code: 'NOT_FOUND',
    reason: 'no t1',
  });
});

it('logs a shortage as a warning', async () => {
  expect(await lineOf(new RpcError(Code.UNAVAILABLE, 'no database'))).toMatchObject({
    level: 'warn',
    code: 'UNAVAILABLE',
    reason: 'no database',
  });
});

it('logs what a shortage comes from, which the caller is not told', async () => {
  const cause = new Error('orders.db cannot be written', { cause: new Error('disk is full') });
  expect(await lineOf(new RpcError(Code.UNAVAILABLE, 'no database', { cause }))).toMatchObject({
    level: 'warn',
    reason: 'no database',
    cause: 'orders.db cannot be written: disk is full',
  });
});

it('logs a fault as an error, with its cause', async () => {
  const fault = new RpcError(Code.DATA_LOSS, 'bad page', { cause: new Error('checksum') });
  expect(await lineOf(fault)).toMatchObject({
    level: 'error',
    code: 'DATA_LOSS',
    err: { message: 'checksum', stack: expect.any(String) },
  });
});

it('logs calls of health and reflection for debugging only', async () => {
  const host = await startEchoHost();
  const client = new Client(host.address, credentials.createInsecure());
  await new Promise((resolve) => {
    const empty = () => Buffer.alloc(0);
    client.makeUnaryRequest('/grpc.health.v1.Health/Check', empty, empty, null, resolve);
  });
  client.close();
  await host.drain();
  expect(host.lines).toMatchObject([{ level: 'debug', method: '/grpc.health.v1.Health/Check' }]);
});
