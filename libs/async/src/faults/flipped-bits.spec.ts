import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { OperationStore } from '../store/operation-store.ts';
import { openOperationStore } from '../store/sqlite/open-operation-store.ts';
import { StoreDamaged, StoreUnavailable } from '../store/store-errors.ts';
import type { StoredOperation } from '../store/stored.ts';
import { event, operation } from './checks/store-check.ts';

let folder: string;
let soundPath: string;
let sound: ReadonlyMap<string, string | undefined>;

const ids = Array.from({ length: 40 }, (_, index) => `o${index}`);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trivium-bits-'));
  soundPath = join(folder, 'sound.db');
  const store = await openOperationStore({ path: soundPath });
  await store.renew({ owner: 'a', leaseMs: 3_600_000 });
  await Promise.all(ids.map((id, index) => fill(store, id, index % 2 === 0)));
  sound = await readAll(store);
  await store.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes an operation with everything that one can have; every second one ends. */
async function fill(store: OperationStore, id: string, ends: boolean): Promise<void> {
  const given = { request: Buffer.alloc(300, id), metadata: Buffer.from(id) };
  const acceptance = await store.accept(operation(id, given), { owner: 'a' });
  if (acceptance.kind !== 'accepted') throw new Error(acceptance.kind);
  const lease = acceptance.lease!;
  const value = Buffer.alloc(100, id);
  await store.record(lease, {
    events: [{ ...event('STEP'), description: id, payload: value }],
    steps: [{ id: 's', attempt: 1, startTimeMs: 1, value }],
  });
  if (ends) await store.record(lease, { end: { kind: 'END', description: id, response: value } });
}

/** What the store serves of everything that it was given, each thing by a name; a refusal as `undefined`. */
async function readAll(store: OperationStore): Promise<Map<string, string | undefined>> {
  const served = new Map<string, string | undefined>();
  const ask = async <T>(what: string, answer: () => Promise<T>, put: (answer: T) => void) => {
    try {
      put(await answer());
    } catch (error) {
      if (!isRefusal(error)) throw error;
      served.set(what, undefined);
    }
  };
  const put = (what: string, value: unknown): void => void served.set(what, JSON.stringify(value));
  const putOperation = (what: string) => (found: StoredOperation | undefined) => {
    // How many events there are is a matter of those, and who holds it of the time.
    if (found) put(what, { ...found, lastSequence: 0, owner: '' });
  };
  for (const id of ids) {
    await ask(`get ${id}`, () => store.get(id), putOperation(`get ${id}`));
    const byRequest = `find ${id}`;
    await ask(byRequest, () => store.findByRequestId(`request-${id}`), putOperation(byRequest));
    await ask(
      `events ${id}`,
      () => store.events(id, { after: 0, limit: 10 }),
      (page) => page?.events.forEach((each) => put(`event ${each.sequence} of ${id}`, each)),
    );
    await ask(
      `steps ${id}`,
      () => store.steps(id),
      (steps) => steps.forEach((step) => put(`step ${step.id} of ${id}`, step)),
    );
  }
  return served;
}

const isRefusal = (error: unknown): boolean =>
  error instanceof StoreDamaged || error instanceof StoreUnavailable;

/** Numbers that follow from a seed, spread over all of them: a linear congruence is enough to pick bytes. */
function numbers(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761 + 1;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Flips three bits of a copy, and returns what is served of it, and whether SQLite finds the file whole. */
async function flip(seed: number) {
  const path = join(folder, `flipped-${seed}.db`);
  const bytes = readFileSync(soundPath);
  const below = numbers(seed);
  for (let flips = 0; flips < 3; flips++) {
    const at = below(bytes.length);
    bytes[at] = bytes[at]! ^ (1 << below(8));
  }
  writeFileSync(path, bytes);
  const isWhole = integrityOf(path);
  try {
    const store = await openOperationStore({ path });
    const served = await readAll(store).finally(() => store.close());
    return { served, isWhole };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { served: undefined, isWhole };
  }
}

function integrityOf(path: string): boolean {
  try {
    const database = new DatabaseSync(path, { readOnly: true });
    const [finding] = Object.values(database.prepare('PRAGMA integrity_check').get() ?? {});
    database.close();
    return finding === 'ok';
  } catch {
    return false;
  }
}

it('serves what was written or nothing, whichever bits of the file have flipped', async () => {
  const wrong: string[] = [];
  let refusals = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const { served, isWhole } = await flip(seed);
    if (!served) refusals += 1;
    for (const [what, answer] of served ?? []) {
      if (answer === undefined) refusals += 1;
      else if (answer !== sound.get(what)) wrong.push(`${seed}: ${what} is ${answer}`);
    }
    // Rows can vanish with a part of the tree that held them: no row's checksum tells, but SQLite's check of the file.
    const isMissing = (what: string): boolean =>
      served !== undefined && !served.has(what) && !isRefused(served, what);
    const missing = [...sound.keys()].filter(isMissing);
    if (isWhole && missing.length > 0) wrong.push(`${seed}: ${missing.join(', ')} missing`);
  }
  expect(wrong).toEqual([]);
  expect(refusals).toBeGreaterThan(0);
}, 60_000);

/** Whether an event or a step is missing because the answer with it was refused. */
const isRefused = (served: ReadonlyMap<string, string | undefined>, what: string): boolean => {
  const [, part, id] = /^(event|step) .* of (.*)$/.exec(what) ?? [];
  return part !== undefined && served.has(`${part}s ${id}`);
};
