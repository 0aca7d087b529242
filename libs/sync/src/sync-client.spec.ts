import { CallsDefinition } from '@trivium/contracts/trivium/calls/v1/calls';
import { type ClientInterceptor, Code, RpcError, openChannel, retryInfo } from '@trivium/rpc';
import { lastValueFrom } from 'rxjs';
import { openBalancedChannel } from './balancing/balanced-channel.ts';
import type { RetriedFailure } from './retry/retry.ts';
import { closeAll, startPeer, startService, undeclaredRequest } from './spec/service.ts';
import { createSyncClient } from './sync-client.ts';
import { createTarget } from './target.ts';

const unavailable = () => new RpcError(Code.UNAVAILABLE, 'Not now');

/** Fails the first so many attempts. */
const failing = (count: number, error: () => Error = unavailable) =>
  startService((_call, attempt) => {
    if (attempt <= count) throw error();
  });

afterEach(closeAll);

describe('what is repeated', () => {
  it('repeats a method that declares NO_SIDE_EFFECTS', async () => {
    const { client, attempts } = await failing(2);
    await client().listMethods({});
    expect(attempts).toHaveLength(3);
  });

  it('repeats a method that declares IDEMPOTENT', async () => {
    const { client, attempts } = await failing(2);
    await client().start({
      requestId: 'r-1',
      work: { $case: 'call', value: undeclaredRequest.call },
    });
    expect(attempts).toHaveLength(3);
  });

  it('calls a method that declares nothing once', async () => {
    const { client, attempts } = await failing(1);
    await expect(client().call(undeclaredRequest)).rejects.toMatchObject({
      code: Code.UNAVAILABLE,
      attempts: 1,
    });
    expect(attempts).toHaveLength(1);
  });

  it('repeats it for a caller who promises that this is safe', async () => {
    const { client, attempts } = await failing(1);
    await client().call(undeclaredRequest, { safeToRepeat: true });
    expect(attempts).toHaveLength(2);
  });

  it('calls a declared method once for a caller who knows that it is not safe', async () => {
    const { client, attempts } = await failing(1);
    const call = client().listMethods({}, { safeToRepeat: false });
    await expect(call).rejects.toMatchObject({ code: Code.UNAVAILABLE });
    expect(attempts).toHaveLength(1);
  });

  it.each([
    ['a channel', openChannel],
    ['a balanced channel', (address: string) => openBalancedChannel([address])],
  ])('makes no other attempt on %s that its owner has closed', async (_name, open) => {
    const { address } = (await startService()).channel;
    const channel = open(address);
    const client = createSyncClient(CallsDefinition, channel, { target: createTarget() });
    await client.listMethods({});
    channel.close();
    await expect(client.listMethods({})).rejects.toMatchObject({
      code: Code.UNAVAILABLE,
      message: `The channel to ${address} is closed`,
      attempts: 1,
    });
  });

  it('leaves streams as they are', async () => {
    const { client, attempts } = await failing(1);
    const responses = client().watch({ name: 'operations/1' });
    await expect(lastValueFrom(responses)).rejects.toMatchObject({ code: Code.UNAVAILABLE });
    expect(attempts).toHaveLength(1);
  });

  it.each(['NOT_FOUND', 'ABORTED', 'INTERNAL', 'DEADLINE_EXCEEDED', 'RESOURCE_EXHAUSTED'] as const)(
    'does not repeat a call after %s, which does not heal by itself',
    async (name) => {
      const { client, attempts } = await failing(1, () => new RpcError(Code[name], 'No'));
      await expect(client().listMethods({})).rejects.toMatchObject({ code: Code[name] });
      expect(attempts).toHaveLength(1);
    },
  );
});

describe('how often, and when', () => {
  it('makes five attempts, and tells how many there were and how long they took', async () => {
    const { client, attempts } = await failing(9);
    // A bucket that does not run out first.
    const call = client({ target: createTarget({ maxTokens: 100 }) }).listMethods({});
    const error = await call.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(RpcError);
    expect(error).toMatchObject({ code: Code.UNAVAILABLE, attempts: 5 });
    expect((error as { elapsedMs: number }).elapsedMs).toBeGreaterThan(0);
    expect(attempts).toHaveLength(5);
  });

  it('tells the server how many attempts there were before', async () => {
    const { client, attempts } = await failing(2);
    await client().listMethods({}, { metadata: { tenant: 't-1' } });
    const sent = attempts.map(({ metadata }) => [
      metadata.get('grpc-previous-rpc-attempts'),
      metadata.get('tenant'),
    ]);
    expect(sent).toEqual([
      [[], ['t-1']],
      [['1'], ['t-1']],
      [['2'], ['t-1']],
    ]);
  });

  it('tells of each failure that is followed by another attempt', async () => {
    const { client } = await failing(2);
    const failures: (RetriedFailure & { path: string })[] = [];
    await client({ onRetry: (failure) => failures.push(failure) }).listMethods({});
    expect(failures).toMatchObject([
      {
        attempt: 1,
        path: '/trivium.calls.v1.Calls/ListMethods',
        error: { code: Code.UNAVAILABLE },
      },
      {
        attempt: 2,
        path: '/trivium.calls.v1.Calls/ListMethods',
        error: { code: Code.UNAVAILABLE },
      },
    ]);
  });

  it('makes another attempt when one took longer than its share of the time', async () => {
    const { client, attempts } = await startService((_call, attempt) =>
      attempt === 1 ? new Promise(() => {}) : undefined,
    );
    await client({ attemptTimeoutMs: 200 }).listMethods({});
    expect(attempts).toHaveLength(2);
  });

  it('makes no attempt after the deadline', async () => {
    const { client, attempts } = await failing(1);
    const call = client({
      random: () => 1,
      retry: { initialBackOffMs: 60_000, maxBackOffMs: 60_000 },
    });
    // The failure is thrown at once, and not after a back-off that nobody will see the end of.
    await expect(call.listMethods({}, { timeoutMs: 5_000 })).rejects.toMatchObject({
      code: Code.UNAVAILABLE,
    });
    expect(attempts).toHaveLength(1);
  });

  it('makes no attempt after a cancellation', async () => {
    const { client, attempts } = await failing(1);
    const controller = new AbortController();
    const patient = client({
      random: () => 1,
      timeoutMs: 120_000,
      retry: { initialBackOffMs: 60_000, maxBackOffMs: 60_000 },
      onRetry: () => setImmediate(() => controller.abort()),
    });
    await expect(patient.listMethods({}, { signal: controller.signal })).rejects.toMatchObject({
      code: Code.CANCELLED,
      attempts: 1,
    });
    expect(attempts).toHaveLength(1);
  });

  it('makes no attempt after the call that it serves was cancelled', async () => {
    const backend = await failing(9);
    const backedOff = Promise.withResolvers<void>();
    const patient = backend.client({
      random: () => 1,
      timeoutMs: 120_000,
      retry: { initialBackOffMs: 60_000, maxBackOffMs: 60_000 },
      onRetry: () => backedOff.resolve(),
    });
    const ended = Promise.withResolvers<unknown>();
    const front = await startService(async () => {
      await patient.listMethods({}).catch(ended.resolve);
    });
    const controller = new AbortController();
    const call = front.client().listMethods({}, { signal: controller.signal, timeoutMs: 120_000 });
    await backedOff.promise;
    controller.abort();
    await expect(call).rejects.toMatchObject({ code: Code.CANCELLED });
    expect(await ended.promise).toMatchObject({ code: Code.CANCELLED });
    expect(backend.attempts).toHaveLength(1);
  });

  it('makes no attempt after the deadline of the call that it serves', async () => {
    const backend = await failing(9);
    const slow = backend.client({
      random: () => 1,
      timeoutMs: 600_000,
      retry: { initialBackOffMs: 60_000, maxBackOffMs: 60_000 },
    });
    const front = await startService(async () => {
      await slow.listMethods({});
    });
    const call = front.client({ retry: { maxAttempts: 1 } }).listMethods({}, { timeoutMs: 10_000 });
    await expect(call).rejects.toMatchObject({ code: Code.UNAVAILABLE });
    expect(backend.attempts).toHaveLength(1);
  });
});

describe('what the server says', () => {
  it('repeats RESOURCE_EXHAUSTED when the server says when it will be over', async () => {
    const busy = () => new RpcError(Code.RESOURCE_EXHAUSTED, 'Busy', { details: [retryInfo(1)] });
    const { client, attempts } = await failing(1, busy);
    await client().listMethods({});
    expect(attempts).toHaveLength(2);
  });

  it('waits for as long as RetryInfo says, on top of its own back-off', async () => {
    const busy = () => new RpcError(Code.UNAVAILABLE, 'Busy', { details: [retryInfo(12)] });
    const { client } = await failing(1, busy);
    const backOffs: number[] = [];
    await client({
      random: () => 0.5,
      retry: { initialBackOffMs: 8 },
      onRetry: ({ backOffMs }) => backOffs.push(backOffMs),
    }).listMethods({});
    expect(backOffs).toEqual([16]);
  });

  it.each(['-1', 'later'])('makes no attempt when the pushback is %s', async (pushback) => {
    const { client, calls } = await startPeer(() => ({
      'grpc-status': '14',
      'grpc-retry-pushback-ms': pushback,
    }));
    await expect(client().listMethods({})).rejects.toMatchObject({ code: Code.UNAVAILABLE });
    expect(calls).toHaveLength(1);
  });

  it('waits for as long as the pushback says', async () => {
    const { client, calls } = await startPeer(() =>
      calls.length === 1
        ? { 'grpc-status': '14', 'grpc-retry-pushback-ms': '7' }
        : { 'grpc-status': '5' },
    );
    const backOffs: number[] = [];
    const call = client({ onRetry: ({ backOffMs }) => backOffs.push(backOffMs) }).listMethods({});
    await expect(call).rejects.toMatchObject({ code: Code.NOT_FOUND, attempts: 2 });
    expect(backOffs).toEqual([7]);
  });
});

describe('what is refused', () => {
  it.each([
    [{ retry: { maxAttempts: 6 } }, 'Not a number of attempts from 1 to 5: 6'],
    [{ retry: { maxAttempts: 0 } }, 'Not a number of attempts from 1 to 5: 0'],
    [{ retry: { maxAttempts: 1.5 } }, 'Not a number of attempts from 1 to 5: 1.5'],
    [{ retry: { maxAttempts: Infinity } }, 'Not a number of attempts from 1 to 5: Infinity'],
    [{ retry: { initialBackOffMs: -1 } }, 'Not a back-off in ms: -1'],
    [{ timeoutMs: -1 }, 'Not a timeout in ms: -1'],
    [{ attemptTimeoutMs: NaN }, 'Not a timeout in ms: NaN'],
    [{ hedge: { delayMs: -1 } }, 'Not a delay in ms: -1'],
    [{ hedge: { percentile: 95 } }, 'Not a percentile between 0 and 1: 95'],
    [{ hedge: { delayMs: 10, maxExtra: 0 } }, 'Not a share above 0, and 1 at most: 0'],
  ])('refuses %j', async (options, message) => {
    const { channel } = await startService();
    const create = () => createSyncClient(CallsDefinition, channel, options);
    expect(create).toThrow(new RangeError(message));
  });

  it('refuses a timeout of a call that is none', async () => {
    const { client, attempts } = await startService();
    const call = client().listMethods({}, { timeoutMs: NaN });
    await expect(call).rejects.toThrow(new RangeError('Not a timeout in ms: NaN'));
    expect(attempts).toHaveLength(0);
  });
});

it('has interceptors stand around each attempt', async () => {
  const { client } = await failing(1);
  const codes: (Code | undefined)[] = [];
  const observe: ClientInterceptor = (next) => (request, call) => {
    call.onEnd((error) => codes.push(error?.code));
    return next(request, call);
  };
  await client({ interceptors: [observe] }).listMethods({});
  expect(codes).toEqual([Code.UNAVAILABLE, undefined]);
});
