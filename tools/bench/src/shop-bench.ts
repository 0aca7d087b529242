import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  type ServiceName,
  openShopClients,
  serviceNames,
  startProcess,
  startShop,
} from '@trivium/shop';
import type { BenchOptions, BenchResult } from './bench.ts';
import type { Figure } from './figure.ts';
import { median } from './figure.ts';
import type { StepTiming } from '@trivium/contracts/shop/checkout/v1/checkout';
import { durationToMs } from '@trivium/rpc';
import { longestChainMs } from './longest-chain.ts';
import { residentMb } from './resident.ts';

const workspaceRoot = resolve(import.meta.dirname, '../../..');
const basket = {
  lines: [
    { sku: 'MUG-STONE-01', quantity: 2 },
    { sku: 'LAMP-DESK-01', quantity: 1 },
  ],
  destination: { country: 'DE', postalCode: '10115' },
};

/** How the shop starts, how much memory it holds, and how well a quote fans out. */
export async function benchShop({ rounds, say }: BenchOptions): Promise<BenchResult> {
  const dataDir = mkdtempSync(join(tmpdir(), 'trivium-bench-'));
  try {
    const figures = [
      ...(await startups(dataDir, rounds, say)),
      await firstDrawnCall(dataDir, Math.min(rounds, 3), say),
      ...(await fanOut('carriers as over the internet', dataDir, rounds, say, {
        CARRIER_DELAYS_MS: 'albatross=60,ox=110,postal=90,stork=75,swift=35',
      })),
      ...(await fanOut('carriers at once', dataDir, rounds, say, {})),
    ];
    return { figures };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function startups(dataDir: string, rounds: number, say: (line: string) => void) {
  const listening = new Map<ServiceName, number[]>();
  const resident = new Map<ServiceName, number[]>();
  for (let round = 1; round <= rounds; round++) {
    say(`starting each service alone, round ${round} of ${rounds}`);
    for (const name of serviceNames) {
      const began = performance.now();
      const service = await startProcess(name, { env: { PORT: '0', DATA_DIR: dataDir } });
      append(listening, name, (performance.now() - began) / 1000);
      // Idle means that what start-up left behind is settled.
      await new Promise((settled) => setTimeout(settled, 1_000));
      append(resident, name, residentMb(service.pid));
      await service.stop();
    }
  }
  const worst = (samples: Map<ServiceName, number[]>) =>
    [...samples.values()].sort((a, b) => median(b) - median(a))[0] ?? [];
  return [
    ...figuresOf('listening, s', listening),
    { name: 'a service listening, slowest median, s', samples: worst(listening) },
    ...figuresOf('resident, MB', resident),
    { name: 'a service idle, largest median resident, MB', samples: worst(resident) },
  ];
}

function append(samples: Map<ServiceName, number[]>, name: ServiceName, sample: number): void {
  samples.set(name, [...(samples.get(name) ?? []), sample]);
}

const figuresOf = (unit: string, samples: Map<ServiceName, number[]>): Figure[] =>
  [...samples].map(([name, each]) => ({ name: `${name} ${unit}`, samples: each }));

async function firstDrawnCall(
  dataDir: string,
  rounds: number,
  say: (line: string) => void,
): Promise<Figure> {
  const samples: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    say(`npm start, round ${round} of ${rounds}`);
    const began = performance.now();
    const child = spawn('npm', ['start', '--', '--once', '--free-ports'], {
      cwd: workspaceRoot,
      env: { ...process.env, DATA_DIR: dataDir },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = new Promise((resolve) => child.on('close', resolve));
    await new Promise<void>((drawn, failed) => {
      child.stdout.on('data', (chunk) => String(chunk).includes('SYNC') && drawn());
      void ended.then(() => failed(new Error('npm start ended without a picture')));
    });
    samples.push((performance.now() - began) / 1000);
    await ended;
  }
  return { name: 'npm start to the first drawn call, s', samples };
}

async function fanOut(
  name: string,
  dataDir: string,
  rounds: number,
  say: (line: string) => void,
  shipping: Record<string, string>,
): Promise<Figure[]> {
  say(`quotes, ${name}`);
  const shop = await startShop({ dataDir, ports: 'free', serviceEnv: { shipping } });
  const clients = await openShopClients(shop);
  try {
    const samples = { wall: [] as number[], plan: [] as number[], hop: [] as number[] };
    for (let index = -20; index < rounds * 20; index++) {
      const began = performance.now();
      const { timings } = await clients.checkout.quote(basket);
      const wallMs = performance.now() - began;
      const hopBegan = performance.now();
      await clients.operations.listOperations({ pageSize: 1 });
      const hopMs = performance.now() - hopBegan;
      // The first quotes warm up connections and compiled code.
      if (index < 0) continue;
      const chainMs = longestChainMs(timings);
      samples.wall.push(wallMs / chainMs);
      samples.plan.push(lastEndMs(timings) / chainMs);
      samples.hop.push(hopMs / chainMs);
    }
    return [
      { name: `quote wall / its longest chain, ${name}`, samples: samples.wall },
      // What the fan-out itself adds, and what any call to checkout adds: the wall has both.
      { name: `quote plan / its longest chain, ${name}`, samples: samples.plan },
      { name: `any call to checkout / that chain, ${name}`, samples: samples.hop },
    ];
  } finally {
    clients.close();
    await shop.stop();
  }
}

/** When the last call of a quote ended, in milliseconds after its plan began. */
const lastEndMs = (timings: readonly StepTiming[]): number =>
  Math.max(0, ...timings.map(({ endOffset }) => (endOffset ? durationToMs(endOffset) : 0)));
