import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OperationStore } from '../operation-store.ts';
import { describeStore } from '../contract/describe-store.ts';
import { openOperationStore } from './open-operation-store.ts';

const opened: OperationStore[] = [];
const folders: string[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describeStore('the store in an SQLite file', async (clock) => {
  const folder = mkdtempSync(join(tmpdir(), 'trivium-store-'));
  folders.push(folder);
  const another = async (): Promise<OperationStore> => {
    const store = await openOperationStore({ path: join(folder, 'operations.db'), clock });
    opened.push(store);
    return store;
  };
  return { store: await another(), another };
});
