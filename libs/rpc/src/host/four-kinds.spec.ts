import { openEchoClient, readAll, type EchoClient } from '../spec/echo-client.ts';
import { startEchoHost, type EchoHost } from '../spec/echo-service.ts';

let host: EchoHost;
let client: EchoClient;

beforeAll(async () => {
  host = await startEchoHost();
  client = openEchoClient(host.address);
});
afterAll(async () => {
  client.close();
  await host.drain();
});

it('serves a unary method', async () => {
  const { response } = client.say({ typeUrl: 'hello' });
  await expect(response).resolves.toMatchObject({ typeUrl: 'hello' });
});

it('serves a stream of responses', async () => {
  await expect(readAll(client.repeat({ typeUrl: '1000' }))).resolves.toHaveLength(1000);
});

it('serves a stream of requests', async () => {
  const { call, response } = client.collect();
  for (const word of ['one ', 'two ', 'three'])
    call.write({ typeUrl: '', value: Buffer.from(word) });
  call.end();
  expect(Buffer.from((await response).value).toString()).toBe('one two three');
});

it('serves a stream of requests that is empty', async () => {
  const { call, response } = client.collect();
  call.end();
  expect((await response).value).toHaveLength(0);
});

it('serves streams both ways, each response as soon as its request is there', async () => {
  const call = client.converse();
  const responses = call[Symbol.asyncIterator]();
  for (const word of ['one', 'two', 'three']) {
    call.write({ typeUrl: word, value: Buffer.alloc(0) });
    expect((await responses.next()).value).toMatchObject({ typeUrl: word });
  }
  call.end();
  expect((await responses.next()).done).toBe(true);
});

it('serves empty messages', async () => {
  await expect(client.say({}).response).resolves.toEqual({ typeUrl: '', value: Buffer.alloc(0) });
  await expect(readAll(client.repeat({}))).resolves.toEqual([]);
});
