import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openShopClients, startShop } from '@trivium/shop';
import { readBooks } from './evidence/books.ts';
import { askAgain, listOrders, stockLevels } from './evidence/gather.ts';
import type { Victims } from './faults/injector.ts';
import type { Verdict } from './invariants/invariant.ts';
import { judge } from './invariants/judge.ts';
import type { Fault } from './plan/fault-plan.ts';
import type { PlannedOrder } from './plan/order-plan.ts';
import { type Target, targetsOf } from './plan/target.ts';
import { type Counts, countWatches, noCounts } from './report/counts.ts';
import { type Screen, showProgress } from './report/progress.ts';
import { drive } from './traffic/drive.ts';
import { startTwin } from './twin.ts';

/** What a run is made from. */
export interface ChaosRunOptions {
  /** An empty folder for the databases and logs of the services. */
  readonly dataDir: string;
  readonly orders: readonly PlannedOrder[];
  readonly faults: readonly Fault[];
  readonly concurrency: number;
  /** Whether a second checkout shares the store of the first. */
  readonly twin: boolean;
  readonly signal: AbortSignal;
  readonly screen: Screen;
  readonly say: (line: string) => void;
}

/** What came of a run. */
export interface ChaosResult {
  readonly counts: Counts;
  readonly verdicts: readonly Verdict[];
}

/** A stage of a shipment is short, so that many orders pass between two faults. */
const stageMs = '10';
/** For how long the services may be asked afterwards. */
const afterwardsTimeoutMs = 120_000;

/**
 * Starts the shop, has the orders placed and watched while the faults are done, kills every service a last time, so that
 * whatever it says from then on is from disk, and judges what it finds.
 *
 * @throws ProcessEnded when the shop does not start.
 */
export async function runChaos(options: ChaosRunOptions): Promise<ChaosResult> {
  const { dataDir, orders, say } = options;
  const write = keepLines(dataDir);
  const shop = await startShop({
    dataDir,
    ports: 'free',
    env: { LOG_LEVEL: 'warn' },
    serviceEnv: { fulfillment: { STAGE_MS: stageMs } },
    signal: options.signal,
    onLine: write,
  });
  const clients = await openShopClients(shop);
  const twinOptions = { shop, clients, dataDir, onLine: (line: string) => write(twinName, line) };
  const twin = options.twin ? await startTwin(twinOptions) : undefined;
  const victims: Victims = twin?.victims ?? (shop as Victims);
  const homes = twin ? [clients, twin.clients] : [clients];
  const counts = noCounts(orders.length);
  try {
    const before = await stockLevels(clients, options.signal);
    const progress = showProgress(counts, options.screen);
    const { records, notBack, stalled } = await drive({
      ...options,
      victims,
      homes,
      counts,
    }).finally(progress.stop);
    options.signal.throwIfAborted();
    countWatches(counts, records);
    if (notBack.length === 0) {
      say('Every service is killed once more, and asked for everything again …');
      await restartAll(victims, targetsOf(options));
    }
    const signal = AbortSignal.any([options.signal, AbortSignal.timeout(afterwardsTimeoutMs)]);
    const isUp = notBack.length === 0;
    const evidence = {
      orders: isUp
        ? await askAgain(records, clients, signal)
        : records.map((record) => ({ ...record, afterwards: undefined })),
      listed: isUp ? await listOrders(clients, signal) : [],
      stock: { before, after: isUp ? await stockLevels(clients, signal) : before },
      books: readBooks(dataDir),
      ...{ notBack, stalled },
    };
    return { counts, verdicts: judge(evidence) };
  } finally {
    clients.close();
    await twin?.stop();
    await shop.stop();
  }
}

const twinName = 'checkout-twin';

async function restartAll(victims: Victims, targets: readonly Target[]): Promise<void> {
  await Promise.all(targets.map((name) => victims.service(name).kill()));
  await Promise.all(targets.map((name) => victims.restart(name)));
}

/** Keeps what each service prints in a file of its own, beside the databases. */
function keepLines(dataDir: string): (service: string, line: string) => void {
  const folder = join(dataDir, 'logs');
  mkdirSync(folder, { recursive: true });
  const files = new Map(
    targetsOf({ twin: true }).map((name) => [
      name as string,
      createWriteStream(join(folder, `${name}.log`)),
    ]),
  );
  return (service, line) => void files.get(service)?.write(`${line}\n`);
}
