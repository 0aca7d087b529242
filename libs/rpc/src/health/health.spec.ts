import {
  HealthCheckResponse_ServingStatus,
  HealthDefinition,
} from '@trivium/contracts/grpc/health/v1/health';
import { firstValueFrom, map, Subject, take } from 'rxjs';
import type { CallContext } from '../call/call-context.ts';
import { createClient } from '../client/client.ts';
import { Code } from '../error/code.ts';
import { openChannel } from '../client/channel.ts';
import { closeAll, closeLater } from '../spec/echo.ts';
import { startEchoHost } from '../spec/echo-service.ts';
import { createHealth } from './health.ts';
import type { Health } from './health.ts';

const { SERVING, NOT_SERVING, SERVICE_UNKNOWN } = HealthCheckResponse_ServingStatus;

afterEach(closeAll);

async function startHost() {
  const host = await startEchoHost();
  closeLater(() => host.drain({ force: true }));
  const channel = openChannel(host.address);
  closeLater(() => channel.close());
  return { host, client: createClient(HealthDefinition, channel) };
}

/** A watch as the handler serves it, with the signals that end it. */
function watch(health: Health, service: string) {
  const cancellation = new AbortController();
  const drain = new AbortController();
  const call = { signal: cancellation.signal, draining: drain.signal } as CallContext;
  const statuses = health.service.handlers.watch?.({ service }, call) as AsyncIterable<unknown>;
  const iterator = statuses[Symbol.asyncIterator]();
  return {
    next: () => iterator.next(),
    cancel: () => cancellation.abort(),
    drain: () => drain.abort(),
  };
}

it('of a host and of each of its services can be checked and listed', async () => {
  const { client } = await startHost();
  await expect(client.check({})).resolves.toEqual({ status: SERVING });
  await expect(client.check({ service: 'spec.v1.Echo' })).resolves.toEqual({ status: SERVING });
  const { statuses } = await client.list({});
  expect([...statuses.keys()]).toEqual(['', 'spec.v1.Echo']);
});

it('is NOT_FOUND for a service that does not exist, where it is checked', async () => {
  const { client } = await startHost();
  await expect(client.check({ service: 'spec.v1.None' })).rejects.toMatchObject({
    code: Code.NOT_FOUND,
    message: 'No service spec.v1.None',
  });
});

it('is SERVICE_UNKNOWN for a service that does not exist, where it is watched', async () => {
  const { client } = await startHost();
  const watched = client.watch({ service: 'spec.v1.None' }).pipe(take(1));
  await expect(firstValueFrom(watched)).resolves.toEqual({ status: SERVICE_UNKNOWN });
});

it('is told to be NOT_SERVING before a host that drains ends its watches', async () => {
  const { host, client } = await startHost();
  const statuses: unknown[] = [];
  const served = new Subject<void>();
  const ended = client
    .watch({})
    .pipe(map(({ status }) => status))
    .forEach((status) => {
      statuses.push(status);
      served.next();
    });
  await firstValueFrom(served);
  await host.drain();
  await ended;
  expect(statuses).toEqual([SERVING, NOT_SERVING]);
});

it('begins as NOT_SERVING, so that nobody calls what is still starting', async () => {
  await expect(watch(createHealth(), '').next()).resolves.toMatchObject({
    value: { status: NOT_SERVING },
  });
});

it('is told to a watch at each change, and only then', async () => {
  const health = createHealth();
  const watched = watch(health, 'shop.catalog.v1.Catalog');
  expect((await watched.next()).value).toEqual({ status: SERVICE_UNKNOWN });
  const next = watched.next();
  health.set('shop.inventory.v1.Inventory', true);
  health.set('shop.catalog.v1.Catalog', true);
  expect((await next).value).toEqual({ status: SERVING });
  health.set('shop.catalog.v1.Catalog', true);
  health.set('shop.catalog.v1.Catalog', false);
  expect((await watched.next()).value).toEqual({ status: NOT_SERVING });
});

it('is not watched any longer when the caller leaves', async () => {
  const watched = watch(createHealth(), '');
  await watched.next();
  const next = watched.next();
  watched.cancel();
  expect((await next).done).toBe(true);
});

it('stays NOT_SERVING after a shutdown, whatever is said', async () => {
  const health = createHealth();
  health.set('', true);
  const watched = watch(health, '');
  expect((await watched.next()).value).toEqual({ status: SERVING });
  watched.drain();
  health.shutdown();
  health.set('', true);
  expect((await watched.next()).value).toEqual({ status: NOT_SERVING });
  expect((await watched.next()).done).toBe(true);
});
