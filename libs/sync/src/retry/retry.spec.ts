import { Code, RpcError, retryInfo } from '@trivium/rpc';
import { retry } from './retry.ts';
import { unaryRetryPolicy } from './retry-policy.ts';

const unavailable = new RpcError(Code.UNAVAILABLE, 'Not there');
/** No jitter: every back-off is over at once. */
const random = () => 0;

/** An attempt that fails with each of these errors in turn, and succeeds after them. */
function failing(...errors: RpcError[]) {
  const attempts: { timeoutMs?: number }[] = [];
  const attempt = async (options: { timeoutMs?: number }) => {
    attempts.push(options);
    const error = errors[attempts.length - 1];
    if (error) throw error;
    return 'reply';
  };
  return { attempt, attempts };
}

it('makes a call again after a status that heals', async () => {
  const { attempt, attempts } = failing(unavailable, unavailable);
  await expect(retry(attempt, { random })).resolves.toBe('reply');
  expect(attempts).toHaveLength(3);
});

it('makes a call once when its status does not heal', async () => {
  const refused = new RpcError(Code.FAILED_PRECONDITION, 'Too little');
  const { attempt, attempts } = failing(refused);
  await expect(retry(attempt, { random })).rejects.toBe(refused);
  expect(attempts).toHaveLength(1);
});

it('gives up after five attempts, with the last failure', async () => {
  const { attempt, attempts } = failing(...Array.from({ length: 9 }, () => unavailable));
  await expect(retry(attempt, { random })).rejects.toBe(unavailable);
  expect(attempts).toHaveLength(5);
});

it('tells each attempt what is left of the time, and no more than its own share', async () => {
  const { attempt, attempts } = failing(unavailable);
  await retry(attempt, { random, timeoutMs: 60_000, attemptTimeoutMs: 50 });
  expect(attempts.map(({ timeoutMs }) => timeoutMs)).toEqual([50, 50]);
});

it('does not wait for an attempt that could not begin before the deadline', async () => {
  const busy = new RpcError(Code.UNAVAILABLE, 'Later', { details: [retryInfo(60_000)] });
  const { attempt, attempts } = failing(busy);
  await expect(retry(attempt, { random, timeoutMs: 5_000 })).rejects.toBe(busy);
  expect(attempts).toHaveLength(1);
});

it('backs off longer with each attempt, up to a ceiling', async () => {
  const { attempt } = failing(unavailable, unavailable, unavailable);
  const backOffs: number[] = [];
  const policy = { ...unaryRetryPolicy, initialBackOffMs: 2, maxBackOffMs: 5 };
  const onRetry = ({ backOffMs }: { backOffMs: number }) => backOffs.push(backOffMs);
  await retry(attempt, { policy, random: () => 1, onRetry });
  expect(backOffs).toEqual([2, 4, 5]);
});

it('is cancelled, whatever the attempt failed with, when that would have been repeated', async () => {
  // As in a process that stood still while the time of the attempt passed, and was told meanwhile to stop.
  const controller = new AbortController();
  const failed = async (code: Code): Promise<RpcError> => {
    const attempt = async () => {
      controller.abort();
      throw new RpcError(code, 'as it happened');
    };
    return (await retry(attempt, { signal: controller.signal, attemptTimeoutMs: 5 }).catch(
      (error: unknown) => error,
    )) as RpcError;
  };
  expect(await failed(Code.DEADLINE_EXCEEDED)).toMatchObject({ code: Code.CANCELLED });
  expect(await failed(Code.UNAVAILABLE)).toMatchObject({ code: Code.CANCELLED });
  // What no other attempt would heal is what came of it.
  expect(await failed(Code.NOT_FOUND)).toMatchObject({ code: Code.NOT_FOUND });
});

it('ends a back-off when the signal aborts', async () => {
  const controller = new AbortController();
  const { attempt, attempts } = failing(unavailable, unavailable);
  const policy = { ...unaryRetryPolicy, initialBackOffMs: 60_000, maxBackOffMs: 60_000 };
  const call = retry(attempt, {
    policy,
    random: () => 1,
    timeoutMs: Infinity,
    signal: controller.signal,
    onRetry: () => setImmediate(() => controller.abort()),
  });
  await expect(call).rejects.toMatchObject({ code: Code.CANCELLED });
  expect(attempts).toHaveLength(1);
});

it('makes another attempt after one that ran out of its own share of the time', async () => {
  const expired = new RpcError(Code.DEADLINE_EXCEEDED, 'Deadline exceeded');
  const { attempt, attempts } = failing(expired);
  await retry(attempt, { random, attemptTimeoutMs: 50 });
  expect(attempts).toHaveLength(2);
});

it('makes no attempt after one that ran out of the time for all', async () => {
  const expired = new RpcError(Code.DEADLINE_EXCEEDED, 'Deadline exceeded');
  const { attempt, attempts } = failing(expired);
  await expect(retry(attempt, { random })).rejects.toBe(expired);
  expect(attempts).toHaveLength(1);
});

it('asks before each further attempt whether there may be one', async () => {
  const { attempt, attempts } = failing(unavailable, unavailable, unavailable);
  const answers = [true, false];
  const mayRetry = () => answers.shift()!;
  await expect(retry(attempt, { random, mayRetry })).rejects.toBe(unavailable);
  expect(attempts).toHaveLength(2);
});

it('makes as many attempts as it takes, if the policy says so', async () => {
  const { attempt, attempts } = failing(...Array.from({ length: 50 }, () => unavailable));
  const policy = { ...unaryRetryPolicy, maxAttempts: Infinity };
  await expect(retry(attempt, { policy, random })).resolves.toBe('reply');
  expect(attempts).toHaveLength(51);
});

it.each([0, -1, 2.5, NaN])('refuses %d attempts', async (maxAttempts) => {
  const { attempt, attempts } = failing();
  await expect(retry(attempt, { policy: { ...unaryRetryPolicy, maxAttempts } })).rejects.toThrow(
    new RangeError(`Not a number of attempts from 1 to Infinity: ${maxAttempts}`),
  );
  expect(attempts).toHaveLength(0);
});
