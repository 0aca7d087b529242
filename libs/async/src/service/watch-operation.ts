import type { CallContext } from '@trivium/rpc';
import { engineClosed } from '../operation/operation-errors.ts';
import type { Operations } from '../engine/operations.ts';
import type { OperationEvents } from '../engine/event-reader.ts';

/**
 * `Operations.events` for the handler of a server stream that makes something of them: ends with its
 * call, and with `UNAVAILABLE`, reason `DRAINING`, when the host drains. The caller then watches
 * again from the last sequence that it has seen. What only turns each event into a response is better
 * off with `createEventStream`.
 */
export function watchOperation(
  operations: Pick<Operations, 'events'>,
  name: string,
  { after = 0, call }: { after?: number; call: Pick<CallContext, 'signal' | 'draining'> },
): OperationEvents {
  const { signal, draining } = call;
  const events = operations.events(name, { after, signal });
  const drain = () => events.fail(engineClosed());
  if (draining.aborted) drain();
  else draining.addEventListener('abort', drain);
  return events;
}
