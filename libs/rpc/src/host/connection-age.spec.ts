import { connect, createServer, type AddressInfo } from 'node:net';
import { closeAll, closeLater, openEcho } from '../spec/echo.ts';
import { startEchoHost, type EchoHandlers } from '../spec/echo-service.ts';
import type { HostOptions } from './host.ts';
import { createFixedLimit } from './overload/fixed-limit.ts';

afterEach(closeAll);

async function start(options: Partial<HostOptions>, handlers?: EchoHandlers) {
  // However busy this machine is: it is not overload that this is about.
  const concurrencyLimit = createFixedLimit(Infinity);
  const host = await startEchoHost(handlers, { concurrencyLimit, ...options });
  closeLater(() => host.drain({ force: true }));
  return host;
}

/** Hands each connection to the next of some hosts, as a balancer in the network does. */
async function startBalancer(addresses: string[]) {
  const counts = addresses.map(() => 0);
  let turn = 0;
  const server = createServer((client) => {
    const index = turn++ % addresses.length;
    counts[index]! += 1;
    const [host, port] = addresses[index]!.split(':');
    const upstream = connect(Number(port), host);
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeLater(() => server.close());
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    add: (address: string) => void (addresses.push(address), counts.push(0)),
    counts,
  };
}

it('renews connections under traffic without failing a call, and so finds new replicas', async () => {
  const served = [0, 0];
  const countAs = (index: number): EchoHandlers => ({
    say: async (request) => {
      served[index]! += 1;
      return request;
    },
  });
  const first = await start({ maxConnectionAgeMs: 200 }, countAs(0));
  const second = await start({ maxConnectionAgeMs: 200 }, countAs(1));
  const balancer = await startBalancer([first.address]);
  const { client } = openEcho(balancer.address);
  let isOver = false;
  let calls = 0;
  const caller = async () => {
    while (!isOver) {
      await client.say({});
      calls += 1;
      if (calls === 100) balancer.add(second.address);
      // Both of them often, and thus many a connection renewed.
      isOver ||= Math.min(...balancer.counts) >= 8 && Math.min(...served) > 100;
    }
  };
  await Promise.all(Array.from({ length: 16 }, caller));
  expect(served[0]! + served[1]!).toBe(calls);
});

it('lets a call finish on a connection that has become too old', async () => {
  const [arrived, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const host = await start(
    { maxConnectionAgeMs: 10 },
    {
      async say(request) {
        if (request.typeUrl !== 'slow') return request;
        arrived.resolve();
        await release.promise;
        return request;
      },
    },
  );
  const balancer = await startBalancer([host.address]);
  const { client } = openEcho(balancer.address, { connections: 1 });
  const slow = client.say({ typeUrl: 'slow' });
  await arrived.promise;
  while (balancer.counts[0]! < 3) await client.say({});
  release.resolve();
  await expect(slow).resolves.toMatchObject({ typeUrl: 'slow' });
});

it('breaks off what is still open after the grace', async () => {
  const host = await start(
    { maxConnectionAgeMs: 10, maxConnectionAgeGraceMs: 10 },
    {
      say: (_, { signal }) => new Promise((_, reject) => signal.addEventListener('abort', reject)),
    },
  );
  const { client } = openEcho(host.address);
  await expect(client.say({})).rejects.toMatchObject({ name: 'RpcError' });
});

it('takes no age that a timer cannot hold for one that has passed', async () => {
  const host = await start({ maxConnectionAgeMs: 2 ** 31 - 1 });
  const balancer = await startBalancer([host.address]);
  const { client } = openEcho(balancer.address, { connections: 1 });
  for (let calls = 0; calls < 50; calls += 1) await client.say({});
  expect(balancer.counts).toEqual([1]);
});
