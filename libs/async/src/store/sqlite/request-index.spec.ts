import { DatabaseSync } from 'node:sqlite';
import { openDatabase } from '@trivium/sqlite';
import type { Database } from '@trivium/sqlite';
import { openFillingStore } from '../../fixtures/filling-store.ts';
import { newPath } from '../../fixtures/open-engine.ts';
import { bytes, operation, succeeded } from '../contract/store-spec.ts';
import { openOperationStore } from './open-operation-store.ts';
import { applicationId, migrations } from './schema.ts';
import { RequestIndex, rangeCount } from './request-index.ts';

const counts = (path: string): { indexed: number; ends: string; operations: number } => {
  const database = new DatabaseSync(path, { readOnly: true });
  const row = database
    .prepare(
      `SELECT (SELECT count(*) FROM request_index) AS indexed,
         (SELECT ends FROM request_index_parts) AS ends,
         (SELECT count(*) FROM operations) AS operations`,
    )
    .get();
  database.close();
  return { ...row } as never;
};

const given = (index: number) =>
  operation(`o${index}`, { requestId: `r${index}`, request: bytes(`${index}`) });

it('finds old and new ones, in memory and on disk, whoever wrote them and wherever they are', async () => {
  const path = newPath();
  const stores = [await openOperationStore({ path }), await openOperationStore({ path })];
  const size = 40_000;
  const accept = (from: number, to: number) =>
    Promise.all(
      Array.from({ length: to - from }, (_, offset) => from + offset).map((index) =>
        stores[index % 2]!.accept(given(index), {}),
      ),
    );
  for (let from = 0; from < size; from += 2_000) {
    const accepted = await accept(from, from + 2_000);
    expect(accepted.every(({ kind }) => kind === 'accepted')).toBe(true);
  }
  const { indexed } = counts(path);
  expect(indexed).toBeGreaterThan(size / 2);
  expect(indexed).toBeLessThan(size);
  const again = await accept(0, size);
  expect(again.filter(({ kind }) => kind !== 'known')).toEqual([]);
  expect(again.map(({ operation: { id } }) => id)).toEqual(
    Array.from({ length: size }, (_, index) => `o${index}`),
  );
  // What a process has in memory only is on disk once it closes, and is read again after it was killed.
  await stores[0]!.close();
  const ends = JSON.stringify(Array(rangeCount).fill(size));
  expect(counts(path)).toEqual({ indexed: size, ends, operations: size });
  await stores[1]!.accept(given(size), {});
  const third = await openOperationStore({ path });
  for (const index of [0, size - 1, size]) {
    expect(await third.accept(given(index), {})).toMatchObject({ kind: 'known' });
    expect(await third.findByRequestId(`r${index}`)).toMatchObject({ id: `o${index}` });
  }
  expect(await third.findByRequestId('r')).toBeUndefined();
  await Promise.all([third.close(), stores[1]!.close()]);
}, 60_000);

it('frees the request id of what is removed, on disk as well', async () => {
  const path = newPath();
  for (const turn of [1, 2, 3]) {
    const store = await openOperationStore({ path });
    await store.renew({ owner: 'me', leaseMs: 60_000 });
    for (const index of [1, 2]) {
      const accepted = await store.accept(given(index), { owner: 'me' });
      if (accepted.kind !== 'accepted') throw new Error(`turn ${turn}: ${accepted.kind}`);
      await store.record(accepted.lease!, { end: succeeded() });
      // Of the newest one a row stays, and with it nothing that finds it.
      expect(await store.remove(`o${index}`)).toBe('removed');
    }
    const other = await store.accept(given(3), { owner: 'me' });
    expect(other.kind).toBe(turn === 1 ? 'accepted' : 'known');
    await store.close();
  }
  expect(counts(path)).toMatchObject({ indexed: 1 });
});

it('knows what a commit that failed would have removed', async () => {
  const path = newPath();
  const { store, fill } = await openFillingStore(path);
  await store.renew({ owner: 'me', leaseMs: 60_000 });
  const accepted = await store.accept(given(1), { owner: 'me' });
  if (accepted.kind !== 'accepted') throw new Error(accepted.kind);
  await store.record(accepted.lease!, { end: succeeded() });
  await fill(true);
  // One commit with what does not fit.
  const outcomes = await Promise.allSettled([
    store.remove('o1'),
    store.accept({ ...given(2), request: new Uint8Array(1_000_000) }, {}),
  ]);
  await fill(false);
  const again = await store.accept(given(1), {});
  expect(again.kind).toBe(outcomes[0].status === 'fulfilled' ? 'accepted' : 'known');
  await store.close();
  expect(counts(path)).toMatchObject({ indexed: 1 });
});

it('knows nothing of what a commit that failed would have written', async () => {
  const path = newPath();
  const { store, fill } = await openFillingStore(path);
  await store.accept(given(1), {});
  await fill(true);
  const huge = { ...given(2), request: new Uint8Array(1_000_000) };
  await expect(store.accept(huge, {})).rejects.toThrow('the disk is full');
  await fill(false);
  // Another process takes the number that it would have had.
  const other = await openOperationStore({ path });
  const third = await other.accept(given(3), {});
  expect(third).toMatchObject({ kind: 'accepted', operation: { number: 2 } });
  expect(await store.findByRequestId('r2')).toBeUndefined();
  expect(await store.accept(given(3), {})).toMatchObject({ kind: 'known' });
  expect(await store.accept(huge, {})).toMatchObject({ kind: 'accepted' });
  await Promise.all([store.close(), other.close()]);
});

it('goes on with what was indexed when a range was four times as wide', async () => {
  const path = newPath();
  const before = openDatabase({ path, applicationId, migrations: migrations.slice(0, 2) });
  const ends = Array.from({ length: 16 }, (_, range) => 100 + range);
  await before.write((sql) => {
    sql.run('UPDATE request_index_ends SET ends = ?', JSON.stringify(ends));
  });
  await before.close();
  const store = await openOperationStore({ path });
  expect(JSON.parse(counts(path).ends)).toEqual(ends.flatMap((end) => [end, end, end, end]));
  await store.close();
});

describe('request ids with one hash', () => {
  let database: Database;
  beforeEach(() => (database = openDatabase({ path: ':memory:', migrations })));
  afterEach(() => database.close());

  const accept = (requests: RequestIndex, requestId: string): Promise<void> =>
    database.write((sql) => {
      requests.begin(sql);
      const { rowId } = sql.run(
        `INSERT INTO operations (id, request_id, request_hash, kind, attempt, create_time_ms,
           first_kind, first_description, checksum, request)
         VALUES (?1, ?1, 7, 'k', 0, 0, '', '', 0, x'')`,
        requestId,
      );
      requests.add({ hash: 7, number: rowId });
    });

  it('are told apart, in memory and on disk', async () => {
    const requests = new RequestIndex();
    const find = (requestId: string) =>
      database.write((sql) => {
        requests.begin(sql);
        return requests.find(sql, requestId, 7)?.id;
      });
    for (const id of ['a', 'b']) await accept(requests, id);
    await database.write((sql) => {
      requests.begin(sql);
      requests.flush(sql);
    });
    for (const id of ['c', 'd']) await accept(requests, id);
    expect(await Promise.all(['a', 'b', 'c', 'd', 'e'].map(find))).toEqual([
      ...['a', 'b', 'c', 'd', undefined],
    ]);
  });
});
