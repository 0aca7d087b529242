import type {
  CallRequest,
  CallResponse,
  StartRequest,
} from '@trivium/contracts/trivium/calls/v1/calls';

/** How long a caller waits, in milliseconds. */
export const TIMEOUT_MS = 30_000;

const call = { method: 'shop.catalog.v1.Catalog/GetProduct', request: { sku: 'MUG-STONE-01' } };
const wait = { seconds: 10n, nanos: 0 };

/** Hands work in. */
export const startRequest = (requestId: string): StartRequest => ({
  requestId,
  work: { $case: 'call', value: call },
});

/** Hands work in, and waits until it is done. */
export const callRequest = (requestId: string): CallRequest => ({ requestId, call, wait });

/** Throws for a reply to `callRequest` that came before the work was done. */
export function assertDone({ outcome }: CallResponse): void {
  if (outcome?.$case !== 'operation' || !outcome.value.done) {
    throw new Error('Its work was not finished');
  }
}
