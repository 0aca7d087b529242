import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder, which is removed at its end. */
export function temporaryFolder(): { readonly folder: string } & Disposable {
  const folder = mkdtempSync(join(tmpdir(), 'fulfillment-'));
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}
