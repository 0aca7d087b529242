import { Metadata } from '@grpc/grpc-js';
import { Code, RpcError, retryInfo } from '@trivium/rpc';
import { askedDelayMs } from './asked-delay.ts';

/** The error of a call that ended with this trailer. */
function failed(pushback: string, details = [] as ReturnType<typeof retryInfo>[]): RpcError {
  const metadata = new Metadata();
  metadata.set('grpc-retry-pushback-ms', pushback);
  const cause = { code: Code.UNAVAILABLE, details: 'Not now', metadata };
  return new RpcError(Code.UNAVAILABLE, 'Not now', { details, cause });
}

it('is nothing when the server said nothing', () => {
  expect(askedDelayMs(new RpcError(Code.UNAVAILABLE, 'Not now'))).toBeUndefined();
});

it('is what RetryInfo says', () => {
  const error = new RpcError(Code.UNAVAILABLE, 'Not now', { details: [retryInfo(1_500)] });
  expect(askedDelayMs(error)).toBe(1_500);
});

it('is what the pushback says', () => {
  expect(askedDelayMs(failed('0'))).toBe(0);
  expect(askedDelayMs(failed('250'))).toBe(250);
});

it('is the longer of the two', () => {
  expect(askedDelayMs(failed('250', [retryInfo(300)]))).toBe(300);
  expect(askedDelayMs(failed('250', [retryInfo(200)]))).toBe(250);
});

it.each(['-1', '', '1.5', '1e3', 'later'])('is for ever when the pushback is "%s"', (pushback) => {
  expect(askedDelayMs(failed(pushback))).toBe(Infinity);
});
