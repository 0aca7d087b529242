import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Shop,
  type ShopClients,
  type ShopOptions,
  openShopClients,
  startShop,
} from '@trivium/shop';

/** The shop that the specs of a file share: real processes on free ports, and data of their own. */
export interface ShopFixture {
  readonly shop: Shop;
  readonly clients: ShopClients;
  readonly dataDir: string;
}

/** Starts the shop before the specs of a file, and ends it after them. */
export function useShop(options: Partial<ShopOptions> = {}): ShopFixture {
  const fixture = {} as { -readonly [K in keyof ShopFixture]: ShopFixture[K] };
  beforeAll(async () => {
    fixture.dataDir = mkdtempSync(join(tmpdir(), 'trivium-e2e-'));
    fixture.shop = await startShop({ dataDir: fixture.dataDir, ports: 'free', ...options });
    fixture.clients = await openShopClients(fixture.shop);
  }, 60_000);
  afterAll(async () => {
    fixture.clients?.close();
    await fixture.shop?.stop();
    rmSync(fixture.dataDir, { recursive: true, force: true });
  }, 30_000);
  return fixture;
}

/** What the specs order: two light things to Berlin. */
export const basket = {
  lines: [
    { sku: 'MUG-STONE-01', quantity: 2 },
    { sku: 'TORCH-HEAD-01', quantity: 1 },
  ],
  destination: { country: 'DE', postalCode: '10115' },
};
