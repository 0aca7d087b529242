import { Metadata } from '@grpc/grpc-js';
import type { CallOptions } from '@trivium/rpc';

const PREVIOUS_ATTEMPTS = 'grpc-previous-rpc-attempts';

/** The metadata of an attempt that is not the first: it tells the server how many there were before (gRFC A6). */
export function withPreviousAttempts(
  metadata: CallOptions['metadata'] = {},
  count: number,
): CallOptions['metadata'] {
  if (!(metadata instanceof Metadata)) return { ...metadata, [PREVIOUS_ATTEMPTS]: String(count) };
  const copy = metadata.clone();
  copy.set(PREVIOUS_ATTEMPTS, String(count));
  return copy;
}
