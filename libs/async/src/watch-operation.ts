import type { CallContext } from '@trivium/rpc';
import { engineClosed } from './operation-errors.ts';
import type { OperationEvent } from './operation-event.ts';
import type { Operations } from './operations.ts';

/**
 * `Operations.events` for the handler of a server stream: ends with its call, and with
 * `UNAVAILABLE`, reason `DRAINING`, when the host drains. The caller then watches again from the
 * last sequence that it has seen.
 */
export async function* watchOperation(
  operations: Pick<Operations, 'events'>,
  name: string,
  { after = 0, call }: { after?: number; call: Pick<CallContext, 'signal' | 'draining'> },
): AsyncGenerator<OperationEvent, void, undefined> {
  const signal = AbortSignal.any([call.signal, call.draining]);
  try {
    yield* operations.events(name, { after, signal });
  } catch (error) {
    throw call.draining.aborted && !call.signal.aborted ? engineClosed() : error;
  }
}
