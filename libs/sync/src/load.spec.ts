import { CallsDefinition } from '@trivium/contracts/trivium/calls/v1/calls';
import { Code, RpcError } from '@trivium/rpc';
import { closeAll, openService, startService } from './spec/service.ts';
import { type SyncClient, createSyncClient } from './sync-client.ts';
import { createTarget } from './target.ts';

const CALLS = 1_000;
const CONCURRENCY = 50;

afterEach(closeAll);

/** Makes a thousand calls, fifty at a time. Returns how many attempts those that failed took. */
async function makeCalls(client: SyncClient<typeof CallsDefinition>) {
  const failures: RpcError[] = [];
  let left = CALLS;
  const caller = async () => {
    while (left-- > 0) {
      await client.listMethods({}).catch((error: RpcError) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, caller));
  return failures.reduce((sum, { attempts = 0 }) => sum + attempts, 0);
}

it('adds a tenth at most to the load of a backend that fails every call', async () => {
  const { client, attempts } = await startService(() => {
    throw new RpcError(Code.UNAVAILABLE, 'Down');
  });
  expect(await makeCalls(client())).toBe(attempts.length);
  expect(attempts.length).toBeGreaterThan(CALLS);
  expect(attempts.length).toBeLessThanOrEqual(CALLS * 1.1);
});

it('adds a tenth at most to the connections that are asked of a backend that is not there', async () => {
  const { host, client } = await startService();
  await host.drain();
  const made = await makeCalls(client());
  expect(made).toBeGreaterThan(CALLS);
  expect(made).toBeLessThanOrEqual(CALLS * 1.1);
});

it('adds a tenth at most, beyond a full bucket, to the load of a backend that fails every third attempt', async () => {
  const { client, attempts } = await startService((_call, attempt) => {
    if (attempt % 3 === 0) throw new RpcError(Code.UNAVAILABLE, 'Not now');
  });
  await makeCalls(client());
  expect(attempts.length).toBeLessThanOrEqual(CALLS * 1.1 + 5);
});

it('repeats calls again when the backend is back', async () => {
  let isDown = true;
  const { client, attempts } = await startService(({ metadata }, attempt) => {
    const isFirst = metadata.get('grpc-previous-rpc-attempts').length === 0;
    if (isDown || (isFirst && attempt % 50 === 0)) throw new RpcError(Code.UNAVAILABLE, 'Down');
  });
  const target = createTarget();
  await makeCalls(client({ target }));
  expect(target.bucket.isOpen).toBe(false);
  isDown = false;
  await makeCalls(client({ target }));
  const before = attempts.length;
  expect(await makeCalls(client({ target }))).toBe(0);
  expect(attempts.length).toBeGreaterThan(before + CALLS);
});

it('has all clients of an address pay from one bucket', async () => {
  const { channel, attempts } = await startService(() => {
    throw new RpcError(Code.UNAVAILABLE, 'Down');
  });
  const openClient = () => {
    const another = openService(channel.address);
    return createSyncClient(CallsDefinition, another.channel, { random: () => 0 });
  };
  await makeCalls(openClient());
  const before = attempts.length;
  await expect(openClient().listMethods({})).rejects.toMatchObject({ attempts: 1 });
  expect(attempts.length).toBe(before + 1);
});
