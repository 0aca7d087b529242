import { RetryInfo } from '@trivium/contracts/google/rpc/error_details';
import { type RpcError, durationToMs, findDetail, trailersOf } from '@trivium/rpc';

/**
 * How long the server that failed a call wants to be left alone, in milliseconds; `Infinity` if it wants no other
 * attempt, and undefined if it said nothing. From the trailer `grpc-retry-pushback-ms` (gRFC A6: whatever is not a
 * number from 0 means no other attempt) and from the detail `google.rpc.RetryInfo`; the longer of the two.
 */
export function askedDelayMs(error: RpcError): number | undefined {
  const [pushback] = trailersOf(error)?.get('grpc-retry-pushback-ms') ?? [];
  const { retryDelay } = findDetail(error, RetryInfo) ?? {};
  const asked: number[] = [];
  if (pushback !== undefined) {
    asked.push(/^\d+$/.test(String(pushback)) ? Number(pushback) : Infinity);
  }
  if (retryDelay) asked.push(Math.max(0, durationToMs(retryDelay)));
  return asked.length > 0 ? Math.max(...asked) : undefined;
}
