import { Code } from '../error/code.ts';
import { closeAll, closeLater, openEcho, startEcho } from '../spec/echo.ts';
import { startEchoHost } from '../spec/echo-service.ts';
import { openChannel } from './channel.ts';

afterEach(closeAll);

it('is ready once it is connected', async () => {
  const { channel } = await startEcho();
  await channel.ready();
  await channel.ready({ timeoutMs: 1_000, signal: new AbortController().signal });
});

it('is not ready in time where nobody listens', async () => {
  const host = await startEchoHost();
  await host.drain({ force: true });
  const { channel } = openEcho(host.address);
  await expect(channel.ready({ timeoutMs: 50 })).rejects.toMatchObject({
    code: Code.DEADLINE_EXCEEDED,
    message: `No connection to ${host.address} within 50 ms`,
  });
});

it('is waited for no longer than the signal wants', async () => {
  const { channel } = openEcho('127.0.0.1:1');
  const controller = new AbortController();
  const ready = channel.ready({ signal: controller.signal });
  controller.abort();
  await expect(ready).rejects.toMatchObject({ code: Code.CANCELLED });
  await expect(channel.ready({ signal: controller.signal })).rejects.toMatchObject({
    code: Code.CANCELLED,
  });
});

it('waits as long as it is told to, however long that is', async () => {
  const { channel } = openEcho('127.0.0.1:1');
  const controller = new AbortController();
  const ready = channel.ready({ timeoutMs: 2 ** 31, signal: controller.signal });
  // A timer beyond 2^31 ms fires after 1 ms, and so would have done by now.
  await expect(channel.ready({ timeoutMs: 20 })).rejects.toMatchObject({
    code: Code.DEADLINE_EXCEEDED,
  });
  controller.abort();
  await expect(ready).rejects.toMatchObject({ code: Code.CANCELLED });
});

it('fails calls with UNAVAILABLE where nobody listens', async () => {
  const host = await startEchoHost();
  await host.drain({ force: true });
  const { client } = openEcho(host.address);
  await expect(client.say({})).rejects.toMatchObject({ code: Code.UNAVAILABLE });
});

it('connects again when a service is restarted', async () => {
  const first = await startEchoHost();
  const { client, channel } = openEcho(first.address);
  await client.say({});
  await first.drain({ force: true });
  await expect(client.say({})).rejects.toMatchObject({ code: Code.UNAVAILABLE });

  const second = await startEchoHost({}, { address: first.address });
  closeLater(() => second.drain({ force: true }));
  await channel.ready();
  await client.say({});
});

it('has a call wait for a service that is not there yet, if it is told to', async () => {
  const first = await startEchoHost();
  await first.drain({ force: true });
  const { client } = openEcho(first.address);
  const waiting = client.say({ typeUrl: 'patience' }, { waitForReady: true });
  const late = client.say({}, { waitForReady: true, timeoutMs: 50 });
  await expect(late).rejects.toMatchObject({ code: Code.DEADLINE_EXCEEDED });

  const second = await startEchoHost({}, { address: first.address });
  closeLater(() => second.drain({ force: true }));
  await expect(waiting).resolves.toMatchObject({ typeUrl: 'patience' });
});

it('lets open calls finish when it is closed, and no others begin', async () => {
  const started = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const { client, channel } = await startEcho({
    say: async (request) => {
      started.resolve();
      await release.promise;
      return request;
    },
  });
  const open = client.say({ typeUrl: 'open' });
  await started.promise;
  channel.close();
  const closed = { code: Code.UNAVAILABLE, message: `The channel to ${channel.address} is closed` };
  await expect(client.say({})).rejects.toMatchObject(closed);
  await expect(channel.ready()).rejects.toMatchObject(closed);
  release.resolve();
  await expect(open).resolves.toMatchObject({ typeUrl: 'open' });
});

it('tells those who wait for it that it is closed', async () => {
  const { channel, client } = openEcho('127.0.0.1:1');
  const waits = [channel.ready(), client.say({}, { waitForReady: true })];
  channel.close();
  for (const wait of waits) await expect(wait).rejects.toMatchObject({ code: Code.UNAVAILABLE });
});

it('reaches a service by name, and at an IPv6 address', async () => {
  const { channel } = await startEcho();
  const { client } = openEcho(channel.address.replace('127.0.0.1', 'localhost'));
  await expect(client.say({ typeUrl: 'hello' })).resolves.toMatchObject({ typeUrl: 'hello' });
  expect(openChannel('[::1]:50051').address).toBe('[::1]:50051');
});

it.each(['localhost', ':50051', 'http://localhost:50051', 'a b:1', '::1:50051', ''])(
  'is not opened to %p',
  (address) => {
    const error = new TypeError(`Not an address of the form host:port: ${address}`);
    expect(() => openChannel(address)).toThrow(error);
  },
);
