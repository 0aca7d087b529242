import { basket } from './basket.ts';
import type { ShopClients } from '@trivium/shop';
import type { Parcel } from '@trivium/contracts/shop/type/v1/parcel';
import { type Passage, createRecording } from './recording.ts';

/** The same work as a quote of this parcel, made by waiting for one reply after the other. */
export async function callOneByOne(
  { catalog, inventory, shipping }: ShopClients,
  parcel: Parcel | undefined,
): Promise<Passage> {
  const { bars, call, elapsedMs } = createRecording();
  const skus = basket.lines.map(({ sku }) => sku);
  await call('BatchGetProducts', () => catalog.batchGetProducts({ skus }));
  await call('GetStock', () => inventory.getStock({ skus }));
  const { carriers } = await call('ListCarriers', () => shipping.listCarriers({}));
  const problems: string[] = [];
  for (const { carrierId } of carriers) {
    const request = { carrierId, parcel, destination: basket.destination };
    await call(`QuoteRate ${carrierId}`, () => shipping.quoteRate(request)).catch((error) => {
      problems.push(`QuoteRate ${carrierId}: ${error.message}`);
    });
  }
  const doneAfterMs = elapsedMs();
  bars.push({
    label: 'the caller',
    startMs: 0,
    endMs: doneAfterMs,
    kind: 'wait',
    note: 'waits for each reply in turn',
  });
  return {
    picture: { title: 'SYNC: one call after the other', bars },
    callerWaitedMs: doneAfterMs,
    doneAfterMs,
    problems,
  };
}
