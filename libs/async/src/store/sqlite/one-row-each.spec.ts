import { DatabaseSync } from 'node:sqlite';
import { newPath } from '../../fixtures/open-engine.ts';
import { bytes, operation, text } from '../contract/store-spec.ts';
import { StoreDamaged } from '../store-errors.ts';
import { checksum } from './checksum.ts';
import { openOperationStore } from './open-operation-store.ts';
import { applicationId, migrations } from './schema.ts';

/** An operation as the first version of the tables had it. */
interface Before {
  readonly number: number;
  readonly id: string;
  readonly attempt?: number;
  /** Who has a lease on it; '' for nobody. */
  readonly owner?: string;
  readonly cancelRequested?: boolean;
  /** What was told between its first and its last event. */
  readonly told?: readonly string[];
  readonly response?: Uint8Array;
  readonly error?: Uint8Array;
  readonly isDamaged?: boolean;
}

/** A file of the first version, with these operations in it. */
function fileBefore(operations: readonly Before[]): string {
  const path = newPath();
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = 1`);
  database.exec(migrations[0] as string);
  database.exec('BEGIN');
  for (const each of operations) write(database, each);
  database.exec('COMMIT');
  database.exec(
    `INSERT INTO owners VALUES ('gone', 0, 'somewhere', 1, 'x'), ('me', 9e15, 'somewhere', 2, 'y')`,
  );
  database.close();
  return path;
}

function write(database: DatabaseSync, before: Before): void {
  const { number, id, attempt = 1, owner = '', cancelRequested = false, told = [] } = before;
  const { response = null, error = null } = before;
  const requestId = `r-${id}`;
  const request = bytes(`request of ${id}`);
  const metadata = bytes(`metadata of ${id}`);
  const hasEnded = (response ?? error) !== null;
  const lastSequence = 1 + told.length + Number(hasEnded);
  const sum = checksum(id, requestId, 'k', 1_000, null, null, request);
  const resultSum = hasEnded ? checksum(2_000, lastSequence, response, error) : null;
  const insert = (table: string, ...values: (null | number | string | Uint8Array)[]): void => {
    const marks = values.map(() => '?').join(', ');
    database.prepare(`INSERT INTO ${table} VALUES (${marks})`).run(...values);
  };
  insert(
    'operations',
    ...[number, id, requestId, 'k', request, null, null, 1_000],
    ...[before.isDamaged ? sum + 1 : sum, attempt, Number(cancelRequested)],
    ...[metadata, checksum(metadata), hasEnded ? 2_000 : null, response, error, resultSum],
  );
  if (!hasEnded) insert('leases', number, owner, attempt, 'k', Number(cancelRequested));
  const tell = (
    sequence: number,
    [kind, at, description, by]: [string, number, string, number],
    last = false,
  ): void => {
    const [payload, why] = last ? [response, error] : [null, null];
    const crc = checksum(id, sequence, kind, at, description, by, last, payload, why);
    insert(
      'operation_events',
      ...[number, sequence, kind, at, description, by, payload, why, Number(last), crc],
    );
  };
  tell(1, ['ACCEPTED', 1_000, 'Accepted', 0]);
  told.forEach((kind, index) => tell(index + 2, [kind, 1_500, `It is ${kind}`, attempt]));
  if (hasEnded) tell(lastSequence, [response ? 'SUCCEEDED' : 'FAILED', 2_000, 'So', attempt], true);
  const value = bytes('7');
  const stepSum = checksum(id, 's', attempt, 1_200, undefined, value, undefined);
  insert('operation_steps', ...[number, 's', 0, attempt, 1_200, null, value, null, stepSum]);
}

it('keeps everything that the first version of the tables held', async () => {
  const path = fileBefore([
    { number: 1, id: 'pending', attempt: 0 },
    { number: 2, id: 'held', attempt: 2, owner: 'me', told: ['A', 'B'], cancelRequested: true },
    { number: 3, id: 'orphan', attempt: 3, owner: 'gone', told: ['A'] },
    { number: 5, id: 'fine', attempt: 2, told: ['A'], response: bytes('reply') },
    { number: 6, id: 'bad', error: bytes('no') },
  ]);
  await using store = Object.assign(await openOperationStore({ path, clock: () => 3_000 }), {
    async [Symbol.asyncDispose]() {
      await store.close();
    },
  });
  const kinds = async (id: string) =>
    (await store.events(id, { after: 0, limit: 9 }))!.events.map(({ kind }) => kind);

  expect(await store.get('pending')).toMatchObject({ attempt: 0, lastSequence: 1, number: 1 });
  expect(await store.get('held')).toMatchObject({
    ...{ attempt: 2, owner: 'me', cancelRequested: true, lastSequence: 3, createTimeMs: 1_000 },
  });
  expect(await kinds('held')).toEqual(['ACCEPTED', 'A', 'B']);
  expect(await store.cancelRequested('me')).toEqual(['held']);
  expect(await store.get('fine')).toMatchObject({
    ...{ endTimeMs: 2_000, lastSequence: 3, owner: undefined, requestId: 'r-fine' },
  });
  expect((await store.events('fine', { after: 0, limit: 9 }))!.events).toMatchObject([
    { sequence: 1, kind: 'ACCEPTED', timeMs: 1_000, attempt: 0, description: 'Accepted' },
    { sequence: 2, kind: 'A', timeMs: 1_500, attempt: 2, description: 'It is A' },
    { sequence: 3, kind: 'SUCCEEDED', timeMs: 2_000, attempt: 2, description: 'So', last: true },
  ]);
  const [last] = (await store.events('bad', { after: 1, limit: 9 }))!.events;
  expect([last!.kind, text(last!.error), last!.payload]).toEqual(['FAILED', 'no', undefined]);
  expect(text((await store.get('fine'))!.metadata)).toBe('metadata of fine');
  expect((await store.steps('held')).map(({ id, value }) => [id, text(value)])).toEqual([
    ['s', '7'],
  ]);

  expect(await store.unfinished()).toEqual([{ kind: 'k', count: 3 }]);
  const known = await store.accept(operation('new', { requestId: 'r-fine' }), {});
  expect(known).toMatchObject({ kind: 'request-id-reused', operation: { id: 'fine' } });
  const same = operation('new', { requestId: 'r-held', request: bytes('request of held') });
  expect(await store.accept(same, {})).toMatchObject({ kind: 'known', operation: { id: 'held' } });
  await store.renew({ owner: 'heir', leaseMs: 1_000 });
  const event = { kind: 'RESUMED', description: 'Resumed' };
  const { claimed } = await store.claim({ owner: 'heir', kinds: ['k'], limit: 9, event });
  expect(claimed.map(({ lease }) => [lease.id, lease.token])).toEqual([
    ['pending', 1],
    ['orphan', 4],
  ]);
  expect(await kinds('orphan')).toEqual(['ACCEPTED', 'A', 'RESUMED']);
  expect(await store.accept(operation('new'), {})).toMatchObject({ operation: { number: 7 } });
});

it('keeps as damaged what was damaged before, and moves more than a page of operations', async () => {
  const path = fileBefore([
    ...Array.from({ length: 2_500 }, (_, index) => ({ number: index + 1, id: `o${index}` })),
    { number: 3_000, id: 'damaged', isDamaged: true },
    { number: 3_001, id: 'whole' },
  ]);
  const store = await openOperationStore({ path });
  await expect(store.get('damaged')).rejects.toThrow(StoreDamaged);
  expect(await store.get('whole')).toMatchObject({ number: 3_001 });
  expect(await store.unfinished()).toEqual([{ kind: 'k', count: 2_502 }]);
  await store.close();
});
