import { randomUUID } from 'node:crypto';
import { OrderEventKind, PlaceOrderMetadata } from '@trivium/contracts/shop/checkout/v1/checkout';
import { lastValueFrom, tap } from 'rxjs';
import { basket } from './basket.ts';
import type { ShopClients } from '@trivium/shop';
import { type Passage, createRecording } from './recording.ts';

const kindNames = new Map<number, string>(
  Object.entries(OrderEventKind).map(([name, kind]) => [
    kind,
    name.replace('ORDER_EVENT_KIND_', ''),
  ]),
);

/** What came of the asynchronous way, and what was ordered on it. */
export interface AsyncPassage extends Passage {
  readonly orderId: string;
  readonly carrierId: string;
}

/** `PlaceOrder` returns at once and goes on; `WatchOrder` calls back with each event until the last one. */
export async function callAsync({ checkout }: ShopClients): Promise<AsyncPassage> {
  const { bars, elapsedMs } = createRecording();
  const { carrierId } = (await checkout.quote(basket)).offers[0] ?? { carrierId: '' };
  const began = elapsedMs();
  const sinceBegan = () => elapsedMs() - began;

  const request = { requestId: randomUUID(), accountId: 'bank', carrierId, ...basket };
  const operation = await checkout.placeOrder(request);
  const returnedMs = sinceBegan();
  bars.push({
    label: 'PlaceOrder',
    startMs: 0,
    endMs: returnedMs,
    kind: 'work',
    note: `returns ${operation.name}`,
  });
  const { orderId } = PlaceOrderMetadata.decode(operation.metadata?.value ?? new Uint8Array());

  let previousMs = returnedMs;
  const last = await lastValueFrom(
    checkout.watchOrder({ orderId }).pipe(
      tap(({ event }) => {
        const now = sinceBegan();
        bars.push({
          label: kindNames.get(event?.kind ?? 0) ?? 'event',
          startMs: previousMs,
          endMs: now,
          kind: 'work',
          ...(event?.description && { note: event.description }),
        });
        previousMs = now;
      }),
    ),
  );
  const doneAfterMs = sinceBegan();
  bars.push({
    label: 'the caller',
    startMs: 0,
    endMs: returnedMs,
    kind: 'wait',
    note: 'waits for the name only, and carries on',
  });
  const kind = last.event?.kind ?? 0;
  return {
    orderId,
    carrierId,
    picture: { title: 'ASYNC: PlaceOrder returns at once, WatchOrder calls back', bars },
    callerWaitedMs: returnedMs,
    doneAfterMs,
    problems:
      kind === OrderEventKind.ORDER_EVENT_KIND_COMPLETED
        ? []
        : [`the order ended with ${kindNames.get(kind)}: ${JSON.stringify(last.event)}`],
  };
}
