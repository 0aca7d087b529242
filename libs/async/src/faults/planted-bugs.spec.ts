import { CheckFailed } from './checks/must.ts';
import type { StoreCheck } from './checks/store-check.ts';
import { storeChecks } from './checks/store-checks.ts';
import { plantedBugs } from './planted-bugs.ts';
import { type Plant, createStoreBench } from './store-bench.ts';

async function run(check: StoreCheck, plant?: Plant): Promise<void> {
  await using bench = createStoreBench(plant);
  await check.run(bench);
}

describe('a sound store', () => {
  it.each(storeChecks)('passes: $name', (check) => run(check));
});

it.each(plantedBugs)('a check notices when $name', async ({ plant, caughtBy }) => {
  const checks = storeChecks.filter(({ name }) => caughtBy.test(name));
  expect(checks).toHaveLength(1);
  await expect(run(checks[0]!, plant)).rejects.toThrow(CheckFailed);
});
