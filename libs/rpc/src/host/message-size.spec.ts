import { Code } from '../error/code.ts';
import { openEchoClient, readAll, type EchoClient } from '../spec/echo-client.ts';
import { startEchoHost } from '../spec/echo-service.ts';
import type { EchoHandlers, EchoHost } from '../spec/echo-service.ts';
import type { HostOptions } from './host.ts';

const MIB = 1024 * 1024;

let host: EchoHost;
let client: EchoClient;

afterEach(async () => {
  client.close();
  await host.drain();
});

async function serve(handlers: EchoHandlers = {}, options?: Partial<HostOptions>) {
  host = await startEchoHost(handlers, options);
  client = openEchoClient(host.address);
}

it('refuses a request above 4 MiB with RESOURCE_EXHAUSTED, and goes on', async () => {
  await serve();
  await expect(client.say({ value: Buffer.alloc(5 * MIB) }).response).rejects.toMatchObject({
    code: Code.RESOURCE_EXHAUSTED,
  });
  const value = Buffer.alloc(4 * MIB - 100);
  expect((await client.say({ value }).response).value).toHaveLength(value.length);
  expect(host.lines[0]).toMatchObject({
    code: 'RESOURCE_EXHAUSTED',
    method: '/spec.v1.Echo/Say',
    reason: 'The caller sent a message of 5242885 bytes; the limit is 4194304',
  });
});

it('sends no response above 4 MiB, but RESOURCE_EXHAUSTED with its size', async () => {
  const value = Buffer.alloc(5 * MIB);
  await serve({
    say: async () => ({ value }),
    async *repeat() {
      yield { value };
    },
  });
  for (const outcome of [client.say({}).response, readAll(client.repeat({}))]) {
    await expect(outcome).rejects.toMatchObject({
      code: Code.RESOURCE_EXHAUSTED,
      details: 'The response has 5242885 bytes; the limit is 4194304',
    });
  }
});

it('has the limit that it is given', async () => {
  await serve({}, { maxMessageBytes: 1_000 });
  await expect(client.say({ value: Buffer.alloc(990) }).response).resolves.toBeDefined();
  await expect(client.say({ value: Buffer.alloc(1_010) }).response).rejects.toMatchObject({
    code: Code.RESOURCE_EXHAUSTED,
  });
});
