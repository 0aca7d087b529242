import { readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { Code, findDetail } from '@trivium/rpc';
import type { Logger, RpcError } from '@trivium/rpc';
import { ErrorInfo } from '@trivium/contracts/google/rpc/error_details';
import { openReader } from '@trivium/sqlite';
import fc from 'fast-check';
import { openFillingStore } from '../../fixtures/filling-store.ts';
import {
  bytes,
  caught,
  closeEngines,
  newPath,
  oneTo,
  openEngine,
  textAny,
} from '../../fixtures/open-engine.ts';
import { encodeAny } from '../../operation/from-stored.ts';
import type { Lease } from '../run-changes.ts';
import { StoreDamaged, StoreUnavailable } from '../store-errors.ts';
import { openOperationStore } from './open-operation-store.ts';
import { events, operationBy, steps } from './queries.ts';
import { storeError } from './sqlite-operation-store.ts';

afterEach(closeEngines);

const any = (text: string) => new Uint8Array(encodeAny(textAny(text)));
const event = { kind: 'ACCEPTED', description: 'Accepted' };
const operation = (id: string, sizeBytes = 100) => ({
  ...{ id, kind: 'k', requestId: id, request: new Uint8Array(sizeBytes).fill(7), event },
});

/** A log that a spec reads. */
function listeningLog() {
  const lines: { level: string; message: string; err?: Error }[] = [];
  const at = (level: string) => (fields: { err?: Error } | string, message?: string) =>
    void lines.push(
      typeof fields === 'string'
        ? { level, message: fields }
        : { level, message: message!, ...(fields.err && { err: fields.err }) },
    );
  const log = { info: at('info'), warn: at('warn'), error: at('error'), child: () => log };
  return { log: log as unknown as Logger, lines };
}

describe('a full disk', () => {
  it('takes nothing more, loses nothing, and goes on when there is room again', async () => {
    const { store, fill } = await openFillingStore(newPath());
    await store.accept(operation('a'), {});
    await fill(true);
    const huge = store.accept(operation('b', 1_000_000), {});
    await expect(huge).rejects.toThrow(StoreUnavailable);
    await expect(huge).rejects.toThrow(
      /^Cannot use the database .*: the disk is full; make room on it$/,
    );
    expect(await store.get('b')).toBeUndefined();
    expect(await store.get('a')).toMatchObject({ lastSequence: 1 });
    await fill(false);
    expect(await store.accept(operation('b', 1_000_000), {})).toMatchObject({ kind: 'accepted' });
    await store.close();
  });

  it('lets an operation stand still, and another attempt of it go on once there is room', async () => {
    const path = newPath();
    const { store, fill } = await openFillingStore(path);
    const { log, lines } = listeningLog();
    const gate = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    const kinds = {
      work: async (run: { attempt: number; emit: (event: never) => Promise<number> }) => {
        started.resolve();
        await gate.promise;
        const payload = { ...textAny(''), value: Buffer.alloc(1_000_000) };
        await run.emit({ kind: 'BIG', description: 'big', payload } as never);
        return textAny(`of attempt ${run.attempt}`);
      },
    };
    const { operations } = await openEngine(kinds as never, path, { store, log, leaseMs: 300 });
    const request = bytes('');
    const { name } = await operations.start({ kind: 'work', requestId: 'r', request });
    await started.promise;
    await fill(true);
    gate.resolve();
    const error = await caught(
      operations.start({ kind: 'work', requestId: 'q', request: new Uint8Array(1_000_000) }),
    );
    expect(error.code).toBe(Code.UNAVAILABLE);
    expect(findDetail(error, ErrorInfo)?.reason).toBe('STORE_UNAVAILABLE');
    await fill(false);
    expect((await operations.wait(name)).result?.value).not.toEqual(textAny('of attempt 1'));
    const stood = lines.filter(({ message }) => message.includes('stands still'));
    expect(stood.length).toBeGreaterThanOrEqual(1);
    expect(stood[0]!.err).toBeInstanceOf(StoreUnavailable);
    expect((await operations.start({ kind: 'work', requestId: 'q2', request })).attempt).toBe(1);
  });
});

describe('a file with flipped bits', () => {
  /** A store with operations, events and steps, closed; and what can be read of it. */
  async function filled() {
    const path = newPath();
    const store = await openOperationStore({ path });
    await store.renew({ owner: 'me', leaseMs: 60_000 });
    for (const index of oneTo(30)) {
      const id = `op-${index}`;
      const accepted = await store.accept(
        { ...operation(id), request: bytes(`request of ${id}`), metadata: any(`meta of ${id}`) },
        { owner: 'me' },
      );
      const lease = (accepted as unknown as { lease: Lease }).lease;
      const description = `told by ${id}`;
      await store.record(lease, {
        events: [{ kind: 'TOLD', description, attempt: 1, payload: any(`payload of ${id}`) }],
        steps: [{ id: 'step', attempt: 1, startTimeMs: 1, value: bytes(`value of ${id}`) }],
      });
      if (index % 2 === 0) {
        await store.record(lease, {
          end: { kind: 'SUCCEEDED', description: '', response: any(`reply of ${id}`) },
        });
      }
    }
    await store.close();
    return { path, whole: readFileSync(path) };
  }

  /** Flips a bit of a text, wherever it is: a page that was split leaves copies behind. */
  function flip(file: Buffer, text: string): void {
    for (let at = file.indexOf(text); at >= 0; at = file.indexOf(text, at)) file[at + 3]! ^= 4;
  }

  function readAll(path: string): Map<string, string> {
    const all = new Map<string, string>();
    const note = (key: string, read: () => unknown): void => {
      try {
        const value = read();
        if (value !== undefined) all.set(key, JSON.stringify(value));
      } catch (error) {
        if (!(storeError(error) instanceof Error)) throw error;
      }
    };
    const reader = openReader({ path });
    for (const index of oneTo(30)) {
      const id = `op-${index}`;
      note(id, () => {
        const found = reader.read((sql) => operationBy(sql, { id, nowMs: 0 }));
        // How far one has come that has not ended, and who holds it, may be lost with its last page.
        const own = { attempt: 0, number: 0, cancelRequested: false, owner: '' };
        return found && { ...found, ...own, ...(!found.endTimeMs && { lastSequence: 0 }) };
      });
      for (const after of [0, 1, 2]) {
        const from = { id, after, limit: 1 };
        note(`${id} event ${after}`, () => reader.read((sql) => events(sql, from))?.events[0]);
      }
      note(`${id} step`, () => reader.read((sql) => steps(sql, id))[0]);
    }
    reader.close();
    return all;
  }

  it('shows what was written, or nothing, and never anything else', async () => {
    const { path, whole } = await filled();
    const written = readAll(path);
    expect(written.size).toBe(30 + 75 + 30);
    const place = fc.tuple(fc.nat({ max: whole.length - 101 }), fc.nat({ max: 7 }));
    fc.assert(
      fc.property(place, ([offset, bit]) => {
        const damaged = Buffer.from(whole);
        // Beyond the header, which is no part of what is kept.
        damaged[100 + offset]! ^= 1 << bit;
        writeFileSync(path, damaged);
        for (const [key, value] of readAll(path))
          expect([key, value]).toEqual([key, written.get(key)]);
      }),
      { numRuns: 200 },
    );
  });

  it('is told as DATA_LOSS, with a line in the log, and the rest of it is served', async () => {
    const { path, whole } = await filled();
    const damaged = Buffer.from(whole);
    flip(damaged, 'payload of op-4');
    flip(damaged, 'request of op-6');
    writeFileSync(path, damaged);
    const { log, lines } = listeningLog();
    const store = await openOperationStore({ path });
    const { operations } = await openEngine({}, path, { store, log });
    const read = async (id: string): Promise<RpcError | undefined> => {
      for await (const _ of operations.events(`operations/${id}`)) void _;
      return undefined;
    };
    const errors = [await caught(read('op-4')), await caught(operations.get('operations/op-6'))];
    for (const error of errors) {
      expect(error.code).toBe(Code.DATA_LOSS);
      expect(findDetail(error, ErrorInfo)?.reason).toBe('STORE_DAMAGED');
    }
    expect(lines.map(({ message }) => message)).toEqual([
      ...Array(2).fill('the store of operations is damaged: nothing of it is shown'),
    ]);
    expect(lines[1]!.err!.message).toContain('operation op-6 is not what was written');
    expect((await operations.get('operations/op-8')).result?.$case).toBe('response');
  });

  it('sets an operation aside that is damaged, and goes on with the others', async () => {
    const { path, whole } = await filled();
    const damaged = Buffer.from(whole);
    flip(damaged, 'request of op-7');
    writeFileSync(path, damaged);
    const { log, lines } = listeningLog();
    const store = await openOperationStore({ path });
    const { operations } = await openEngine({ k: async () => textAny('done') }, path, {
      store,
      log,
    });
    expect(await operations.resume()).toBe(14);
    expect((await operations.wait('operations/op-9')).result?.value).toEqual(textAny('done'));
    expect(lines.filter(({ message }) => message.includes('set aside'))).toHaveLength(1);
  });
});

describe('a file that cannot be used', () => {
  it('is refused in one line: of a newer version, of another kind, no database at all', async () => {
    const [newer, other, text] = [newPath(), newPath(), newPath()];
    await (await openOperationStore({ path: newer })).close();
    const version = new DatabaseSync(newer);
    version.exec('PRAGMA user_version = 99');
    version.close();
    const database = new DatabaseSync(other);
    database.exec('CREATE TABLE t (a); PRAGMA user_version = 1');
    database.close();
    writeFileSync(text, 'This is no database, however long it goes on. '.repeat(100));
    await expect(openOperationStore({ path: newer })).rejects.toThrow(
      /^Cannot use the database .*: its version is 99, and this program knows versions up to \d+; run the newer program, or choose another path$/,
    );
    await expect(openOperationStore({ path: other })).rejects.toThrow(
      /: it is a database of another kind; move that file away, or choose another path$/,
    );
    await expect(openOperationStore({ path: text })).rejects.toBeInstanceOf(StoreDamaged);
  });
});
