import { type Shop, openShopClients } from '@trivium/shop';
import { callAsync } from './async-passage.ts';
import { basket } from './basket.ts';

import { grpcurlLines } from './grpcurl-lines.ts';
import { callInParallel } from './parallel-passage.ts';
import type { Passage } from './recording.ts';
import { drawSummary } from './summary.ts';
import { callOneByOne } from './sync-passage.ts';
import { drawWaterfall } from './waterfall.ts';

/** Where a tour prints, and how wide and colourful it may be. */
export interface Screen {
  readonly columns: number;
  readonly colours: boolean;
  print(...lines: string[]): void;
}

/** The columns for labels, durations and notes beside the bars. */
const labelColumns = 22;
const asideColumns = 44;

/** Makes the three kinds of call, draws each, and returns what did not go as it should. */
export async function takeTour(shop: Shop, screen: Screen): Promise<string[]> {
  const clients = await openShopClients(shop);
  try {
    // The first call of a kind pays for connections and compilation; it would be drawn as waiting.
    const { parcel } = await clients.checkout.quote(basket);
    await callOneByOne(clients, parcel);

    const columns = Math.max(20, Math.min(80, screen.columns - labelColumns - asideColumns));
    const draw = ({ picture }: Passage, spanMs: number) =>
      screen.print(
        ...drawWaterfall(picture, { columns, spanMs, labelColumns }, screen.colours),
        '',
      );
    // Sync and parallel share a scale, so that their lengths can be compared.
    const sync = await callOneByOne(clients, parcel);
    draw(sync, sync.doneAfterMs);
    const parallel = await callInParallel(clients);
    draw(parallel, Math.max(sync.doneAfterMs, parallel.doneAfterMs));
    const started = await callAsync(clients);
    draw(started, started.doneAfterMs);

    const passages = { sync, parallel, async: started };
    screen.print(...drawSummary(passages, columns), '');
    screen.print('Try it yourself:', ...grpcurlLines(shop, started).map((line) => `  ${line}`));
    return Object.values(passages).flatMap(({ problems }) => problems);
  } finally {
    clients.close();
  }
}
