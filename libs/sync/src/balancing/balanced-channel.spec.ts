import { HealthCheckResponse_ServingStatus as ServingStatus } from '@trivium/contracts/grpc/health/v1/health';
import { CatalogDefinition } from '@trivium/contracts/shop/catalog/v1/catalog';
import type { CallOptions } from '@trivium/rpc';
import { Code, createClient } from '@trivium/rpc';
import { BehaviorSubject, Subject, filter, firstValueFrom } from 'rxjs';
import type { Addresses } from './addresses.ts';
import type { BalancedChannelOptions } from './balanced-channel.ts';
import { openBalancedChannel } from './balanced-channel.ts';
import type { ReplicaState, ReplicaStatus } from './replica.ts';
import { type ReplicaServer, startReplicaServer } from './spec/replica-server.ts';

const { SERVING, NOT_SERVING } = ServingStatus;
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0).reverse()) close();
});

async function start(options?: Parameters<typeof startReplicaServer>[0]): Promise<ReplicaServer> {
  const server = await startReplicaServer(options);
  closers.push(() => server.kill());
  return server;
}

const startAll = (count: number) => Promise.all(Array.from({ length: count }, () => start()));
const addressesOf = (servers: readonly ReplicaServer[]) => servers.map(({ address }) => address);

/** An address at which nobody listens. */
async function deadAddress(): Promise<string> {
  const server = await startReplicaServer();
  server.kill();
  return server.address;
}

function open(addresses: Addresses, options: BalancedChannelOptions = {}) {
  const changes = new Subject<ReplicaStatus>();
  const states = new Map<string, ReplicaState>();
  const channel = openBalancedChannel(addresses, {
    ...options,
    onReplicaChange(status) {
      states.set(status.address, status.state);
      changes.next(status);
    },
  });
  closers.push(() => channel.close());
  const client = createClient(CatalogDefinition, channel);
  return {
    channel,
    call: (options?: CallOptions) => client.getProduct({ sku: 'MUG' }, options),
    /** Makes so many calls, one after the other, and returns the code of each. */
    async calls(count: number, options?: CallOptions): Promise<Code[]> {
      const codes: Code[] = [];
      for (let made = 0; made < count; made += 1) {
        const call = client.getProduct({ sku: 'MUG' }, options);
        codes.push(await call.then(() => Code.OK).catch(({ code }) => code));
      }
      return codes;
    },
    /** Resolves once these are in this state. */
    async until(state: ReplicaState, ...servers: readonly ReplicaServer[]): Promise<void> {
      const isSo = () => servers.every(({ address }) => states.get(address) === state);
      if (!isSo()) await firstValueFrom(changes.pipe(filter(isSo)));
    },
  };
}

const ok = (count: number) => Array.from({ length: count }, () => Code.OK);

it('gives each replica its share', async () => {
  const servers = await startAll(3);
  const { calls, until } = open(addressesOf(servers));
  await until('serving', ...servers);
  await expect(calls(30)).resolves.toEqual(ok(30));
  expect(servers.map(({ served }) => served)).toEqual([10, 10, 10]);
});

it('has its first calls wait until a replica is there', async () => {
  const [server] = await startAll(1);
  const { call } = open([await deadAddress(), server!.address]);
  await expect(call()).resolves.toBeDefined();
});

it('counts a server that has no health service as healthy', async () => {
  const server = await start({ hasHealth: false });
  const { calls } = open([server.address]);
  await expect(calls(2)).resolves.toEqual(ok(2));
});

it('finds out that a server without a health service is gone, and that it is back', async () => {
  const [gone, other] = [await start({ hasHealth: false }), await start()];
  const { calls, until } = open(addressesOf([gone, other]));
  await until('serving', gone, other);
  gone.kill();
  await calls(2);
  await until('out', gone);
  await expect(calls(4)).resolves.toEqual(ok(4));
  const back = await start({ hasHealth: false, address: gone.address });
  await until('serving', back);
  await calls(4);
  expect(back.served).toBe(2);
});

it('leaves out a replica that is not serving, until it is', async () => {
  const [ill, well] = [await start({ status: NOT_SERVING }), await start()];
  const { calls, until } = open(addressesOf([ill, well]));
  await until('out', ill);
  await calls(4);
  expect([ill.served, well.served]).toEqual([0, 4]);
  ill.setHealth(SERVING);
  await until('serving', ill);
  await calls(4);
  expect([ill.served, well.served]).toEqual([2, 6]);
  ill.setHealth(NOT_SERVING);
  await until('out', ill);
  await calls(4);
  expect([ill.served, well.served]).toEqual([2, 10]);
});

it('goes on without a replica that is killed, and with it when it is back', async () => {
  const servers = await startAll(2);
  const { calls, until } = open(addressesOf(servers));
  await until('serving', ...servers);
  servers[0]!.kill();
  await until('out', servers[0]!);
  await expect(calls(4)).resolves.toEqual(ok(4));
  const back = await start({ address: servers[0]!.address });
  await until('serving', back);
  await calls(4);
  expect(back.served).toBe(2);
});

it('names every replica and its reason when none can take a call', async () => {
  const dead = await deadAddress();
  const ill = await start({ status: NOT_SERVING });
  const { call } = open([dead, ill.address]);
  const error = await call().catch((error) => error);
  expect(error.code).toBe(Code.UNAVAILABLE);
  expect(error.message).toContain(`${dead} is out: `);
  expect(error.message).toContain('ECONNREFUSED');
  expect(error.message).toContain(`${ill.address} is out: its health is NOT_SERVING`);
});

it('has a call wait that is told to', async () => {
  const ill = await start({ status: NOT_SERVING });
  const { call, until } = open([ill.address]);
  await until('out', ill);
  const waiting = call({ waitForReady: true });
  ill.setHealth(SERVING);
  await expect(waiting).resolves.toBeDefined();
});

it('ends a call that waits at its deadline, and when it is cancelled', async () => {
  const dead = await start();
  dead.behave('dead');
  const { call } = open([dead.address]);
  await expect(call({ timeoutMs: 20 })).rejects.toMatchObject({ code: Code.DEADLINE_EXCEEDED });
  const controller = new AbortController();
  const cancelled = call({ signal: controller.signal });
  controller.abort();
  await expect(cancelled).rejects.toMatchObject({ code: Code.CANCELLED });
});

it('ejects a replica whose calls fail while it says that it is healthy, and takes it back', async () => {
  const servers = await startAll(2);
  const [silent, well] = servers as [ReplicaServer, ReplicaServer];
  const { calls, until } = open(addressesOf(servers), { ejectAfterFailures: 3, ejectionMs: 50 });
  await until('serving', ...servers);
  silent.behave('silent');
  await calls(6, { timeoutMs: 30 });
  expect([silent.served, well.served]).toEqual([3, 3]);
  await until('ejected', silent);
  silent.behave('well');
  await until('serving', silent);
  await expect(calls(4)).resolves.toEqual(ok(4));
  expect(silent.served).toBe(5);
});

it('connects anew to a replica that answers no health check either', async () => {
  const servers = await startAll(2);
  const [hung] = servers as [ReplicaServer, ReplicaServer];
  const { calls, until } = open(addressesOf(servers), {
    ejectAfterFailures: 3,
    probeTimeoutMs: 30,
  });
  await until('serving', ...servers);
  hung.behave('dead');
  await calls(6, { timeoutMs: 30 });
  await until('out', hung);
  await expect(calls(4)).resolves.toEqual(ok(4));
  hung.behave('well');
  hung.setHealth(SERVING);
  await until('serving', hung);
  await expect(calls(4)).resolves.toEqual(ok(4));
  expect(hung.served).toBe(5);
});

it('ejects no more than half of the replicas', async () => {
  const servers = await startAll(4);
  const { calls, until } = open(addressesOf(servers), { ejectAfterFailures: 2 });
  await until('serving', ...servers);
  for (const server of servers) server.behave('unavailable');
  await calls(40);
  const counts = servers.map(({ served }) => served);
  expect(counts.filter((count) => count === 2)).toHaveLength(2);
  expect(counts.filter((count) => count === 18)).toHaveLength(2);
});

it('finds a replica that answers nothing whatever the deadlines are, and ends its calls', async () => {
  const servers = await startAll(3);
  const [hung] = servers as [ReplicaServer];
  const { call, calls, until } = open(addressesOf(servers), { probeTimeoutMs: 30 });
  await until('serving', ...servers);
  hung.behave('dead');
  const outcomes = await Promise.allSettled([call(), call(), call()]);
  const failed = outcomes.find(({ status }) => status === 'rejected');
  expect(failed).toMatchObject({
    reason: {
      code: Code.UNAVAILABLE,
      message: expect.stringContaining('no call was answered, and a health check'),
    },
  });
  await until('out', hung);
  await expect(calls(4)).resolves.toEqual(ok(4));
});

it('connects anew to a single replica that hangs, and has calls wait for that', async () => {
  const hung = await start();
  const { calls, call, until } = open([hung.address], {
    ejectAfterFailures: 2,
    probeTimeoutMs: 30,
  });
  await until('serving', hung);
  hung.behave('dead');
  await calls(2, { timeoutMs: 30 });
  await until('connecting', hung);
  const waiting = call();
  hung.behave('well');
  hung.setHealth(SERVING);
  await expect(waiting).resolves.toBeDefined();
});

it('does not count what says nothing about the replica', async () => {
  const servers = await startAll(2);
  const { call, until } = open(addressesOf(servers), { ejectAfterFailures: 1 });
  await until('serving', ...servers);
  for (const server of servers) server.behave('silent');
  const controller = new AbortController();
  const cancelled = Promise.allSettled([1, 2].map(() => call({ signal: controller.signal })));
  controller.abort();
  await cancelled;
  for (const server of servers) server.behave('well');
  await Promise.all([call(), call(), call(), call()]);
  expect(servers[0]!.served).toBe(servers[1]!.served);
});

it('follows its addresses as they change', async () => {
  const [first, second] = (await startAll(2)) as [ReplicaServer, ReplicaServer];
  const addresses = new BehaviorSubject([first.address]);
  const { channel, calls, until } = open(addresses);
  await calls(2);
  addresses.next([first.address, second.address]);
  await until('serving', second);
  await calls(4);
  expect([first.served, second.served]).toEqual([4, 2]);
  addresses.next([second.address]);
  await calls(2);
  expect([first.served, second.served]).toEqual([4, 4]);
  expect(channel.address).toBe(first.address);
  addresses.next([]);
  await expect(calls(1)).resolves.toEqual([Code.UNAVAILABLE]);
});

it('keeps the replicas that it has when there is something wrong with its addresses', async () => {
  const server = await start();
  const addresses = new BehaviorSubject([server.address]);
  const { calls } = open(addresses);
  await calls(1);
  addresses.next([server.address, 'nowhere']);
  await expect(calls(2)).resolves.toEqual(ok(2));
  addresses.error(new Error('no such file'));
  await expect(calls(2)).resolves.toEqual(ok(2));
});

it('says why it has no addresses', async () => {
  const addresses = new Subject<string[]>();
  const { call } = open(addresses);
  const waiting = call();
  addresses.error(new Error('no such file'));
  await expect(waiting).rejects.toMatchObject({
    code: Code.UNAVAILABLE,
    message: expect.stringContaining('its addresses are not known: Error: no such file'),
  });
});

it('is ready when a replica serves, and says why when none does', async () => {
  const server = await start();
  await expect(open([server.address]).channel.ready()).resolves.toBeUndefined();
  const ill = await start({ status: NOT_SERVING });
  const { channel, until } = open([ill.address]);
  await until('out', ill);
  await expect(channel.ready({ timeoutMs: 20 })).rejects.toMatchObject({
    code: Code.DEADLINE_EXCEEDED,
    message: expect.stringContaining('its health is NOT_SERVING'),
  });
  await expect(channel.ready({ signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: Code.CANCELLED,
  });
});

it('ends waiting calls and takes no others when it is closed', async () => {
  const ill = await start({ status: NOT_SERVING });
  const { channel, call, until } = open([ill.address]);
  await until('out', ill);
  const waiting = call({ waitForReady: true });
  channel.close();
  const closed = { code: Code.UNAVAILABLE, message: `The channel to ${ill.address} is closed` };
  await expect(waiting).rejects.toMatchObject(closed);
  await expect(call()).rejects.toMatchObject(closed);
});

it('refuses addresses that are none', () => {
  expect(() => openBalancedChannel([])).toThrow(TypeError);
  expect(() => openBalancedChannel(['nowhere'])).toThrow(TypeError);
  expect(() => openBalancedChannel('dns:nowhere' as never)).toThrow(TypeError);
});
