import { setImmediate } from 'node:timers/promises';
import type { Addresses } from '@trivium/sync';
import { BehaviorSubject } from 'rxjs';
import { type BalancedCatalog, openBalancedCatalog } from './balanced.ts';
import { type Replica, endReplicas, startReplica } from './replica.ts';
import { type Traffic, startTraffic } from './traffic.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanups.splice(0).reverse()) await cleanUp();
  await endReplicas();
}, 30_000);
afterAll(endReplicas);

const addressesOf = (replicas: readonly Replica[]) => replicas.map(({ address }) => address);

async function start(count: number) {
  const replicas = await Promise.all(Array.from({ length: count }, startReplica));
  const addresses = new BehaviorSubject(addressesOf(replicas));
  const catalog = open(addresses);
  await catalog.until('serving', ...replicas);
  return { replicas, addresses, catalog };
}

function open(addresses: Addresses): BalancedCatalog {
  const catalog = openBalancedCatalog(addresses);
  cleanups.push(() => catalog.close());
  return catalog;
}

function send(call: BalancedCatalog['safeCall']): Traffic {
  const traffic = startTraffic(call);
  cleanups.push(() => traffic.stop());
  return traffic;
}

/** How many of so many calls each replica gets. */
async function sharesOf(replicas: readonly Replica[], count: number, catalog: BalancedCatalog) {
  for (let made = 0; made < count; made += 1) await catalog.batchCall();
  const shares = () => replicas.map(({ batches }) => batches);
  // What a process has logged arrives a little later.
  while (shares().reduce((sum, share) => sum + share) < count) await setImmediate();
  return shares();
}

it('gives a replica that is started its share', async () => {
  const { replicas, addresses, catalog } = await start(2);
  const traffic = send(catalog.safeCall);
  await traffic.calls(200);
  const third = await startReplica();
  addresses.next(addressesOf([...replicas, third]));
  await catalog.until('serving', third);
  await traffic.calls(200);
  await traffic.stop();
  expect(traffic.failures).toEqual([]);
  const shares = await sharesOf([...replicas, third], 300, catalog);
  expect(shares).toEqual([100, 100, 100]);
});

it('fails no safe call when a replica is killed', async () => {
  const { replicas, catalog } = await start(3);
  const traffic = send(catalog.safeCall);
  await traffic.calls(200);
  await replicas[0]!.kill();
  await catalog.until('out', replicas[0]!);
  await traffic.calls(500);
  await traffic.stop();
  expect(traffic.failures).toEqual([]);
  const shares = await sharesOf(replicas, 100, catalog);
  expect(shares).toEqual([0, 50, 50]);
});

it('fails at most the calls in flight, of those that are not safe, when a replica is killed', async () => {
  const { replicas, catalog } = await start(3);
  const traffic = send(catalog.unsafeCall);
  await traffic.calls(200);
  await replicas[0]!.kill();
  await traffic.calls(500);
  await traffic.stop();
  expect(traffic.failures.length).toBeLessThanOrEqual(4);
});

it('fails no safe call when a replica hangs, and takes it back when it goes on', async () => {
  const { replicas, catalog } = await start(3);
  const [hung] = replicas as [Replica, Replica, Replica];
  const traffic = send(catalog.safeCall);
  await traffic.calls(200);
  hung.hang();
  await catalog.until('out', hung);
  await traffic.calls(500);
  hung.goOn();
  await catalog.until('serving', hung);
  await traffic.calls(200);
  await traffic.stop();
  expect(traffic.failures).toEqual([]);
  const shares = await sharesOf(replicas, 300, catalog);
  expect(shares).toEqual([100, 100, 100]);
});

it('ejects a replica that hangs when calls to it run out of their time', async () => {
  const { replicas, catalog } = await start(3);
  const [hung] = replicas as [Replica, Replica, Replica];
  const traffic = send(catalog.shortCall);
  await traffic.calls(200);
  hung.hang();
  await catalog.until('ejected', hung);
  await traffic.calls(500);
  await traffic.stop();
  // Five in a row, and those that were with it by then.
  expect(traffic.failures.length).toBeLessThanOrEqual(5 + 4);
});

it('does without a replica that hangs before there is a connection, until it goes on', async () => {
  const replicas = await Promise.all(Array.from({ length: 2 }, startReplica));
  const [hung, well] = replicas as [Replica, Replica];
  hung.hang();
  const catalog = open(addressesOf(replicas));
  const traffic = send(catalog.unsafeCall);
  await catalog.until('serving', well);
  await traffic.calls(200);
  hung.goOn();
  await catalog.until('serving', hung);
  await traffic.calls(200);
  await traffic.stop();
  expect(traffic.failures).toEqual([]);
});

it('fails no safe call while one replica after the other is restarted', async () => {
  const { replicas, catalog } = await start(3);
  const traffic = send(catalog.safeCall);
  for (const replica of replicas) {
    await traffic.calls(200);
    await replica.restart();
    await catalog.until('serving', replica);
  }
  await traffic.calls(200);
  await traffic.stop();
  expect(traffic.failures).toEqual([]);
  const shares = await sharesOf(replicas, 300, catalog);
  expect(shares).toEqual([100, 100, 100]);
});
