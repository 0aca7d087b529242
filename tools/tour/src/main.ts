import { join, resolve } from 'node:path';
import { type Shop, startShop } from '@trivium/shop';
import { type TourArguments, readArguments, usage } from './arguments.ts';
import { carrierDelays, stageMs } from './basket.ts';
import { openLogs } from './logs.ts';
import { takeTour } from './tour.ts';

const workspaceRoot = resolve(import.meta.dirname, '../../..');
const stopped = new AbortController();
// npm and the terminal may both pass a Ctrl-C on; the second one changes nothing.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => stopped.abort());
}

try {
  const args = readArguments(process.argv.slice(2));
  if (args.help) console.log(usage);
  else process.exitCode = await main(args);
} catch (error) {
  // Whoever pressed Ctrl-C knows why it ended.
  if (!stopped.signal.aborted) console.error(error instanceof Error ? error.message : error);
  process.exitCode = stopped.signal.aborted ? 130 : 1;
}

async function main({ once, freePorts }: TourArguments): Promise<number> {
  const dataDir = resolve(process.env.DATA_DIR ?? join(workspaceRoot, '.data'));
  const logs = openLogs(dataDir);
  const began = performance.now();
  console.log('Starting the services …');
  const shop = await startShop({
    dataDir,
    ports: freePorts ? 'free' : 'default',
    serviceEnv: {
      shipping: { CARRIER_DELAYS_MS: carrierDelays },
      fulfillment: { STAGE_MS: stageMs },
    },
    signal: stopped.signal,
    onLine: logs.write,
    onServing: ({ name, address }) => {
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      console.log(`  ${name.padEnd(12)} SERVING on ${address} after ${seconds} s`);
    },
  });
  try {
    return await showAround(shop, once, logs.folder);
  } finally {
    await shop.stop();
  }
}

async function showAround(shop: Shop, once: boolean, logFolder: string): Promise<number> {
  console.log(`Their logs are in ${logFolder}.`);
  console.log(`Carriers answer as slowly as over the internet: ${carrierDelays} ms.`);
  console.log(`Parcels are faster than they can be: ${stageMs} ms a stage, times its number.\n`);
  const tour = takeTour(shop, {
    columns: process.stdout.columns ?? 120,
    colours: process.stdout.hasColors?.() ?? false,
    print: (...lines) => console.log(lines.join('\n')),
  });
  const problems = await Promise.race([tour, interrupted()]);
  for (const problem of problems) console.error(`Not as it should be: ${problem}`);
  if (!once) {
    console.log('\nEverything is up. Ctrl-C ends it.');
    await interrupted().catch(() => console.log('\nEnding …'));
  }
  return problems.length === 0 ? 0 : 1;
}

/** Rejects on Ctrl-C, and settles no other way. */
function interrupted(): Promise<never> {
  return new Promise((_, reject) => {
    if (stopped.signal.aborted) reject(stopped.signal.reason);
    stopped.signal.addEventListener('abort', () => reject(stopped.signal.reason));
  });
}
