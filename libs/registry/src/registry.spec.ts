import { writeFileSync } from 'node:fs';
import type { JsonObject } from '@bufbuild/protobuf';
import { BadRequest, ErrorInfo } from '@trivium/contracts/google/rpc/error_details';
import { Code, type RpcError, findDetail } from '@trivium/rpc';
import { filter, firstValueFrom, lastValueFrom, startWith, toArray } from 'rxjs';
import { callByContract } from './call/call-by-contract.ts';
import type { MethodEntry } from './method-table.ts';
import type { ServiceRegistry } from './registry.ts';
import { libraryContract } from './spec/library-contract.ts';
import {
  closeAll,
  libraryAt,
  openFixture,
  servicesFile,
  startLibrary,
} from './spec/registry-fixture.ts';

afterEach(closeAll);

const getBook = 'library.v1.Library/GetBook';
const borrow = 'library.v1.Library/Borrow';
const options = { signal: new AbortController().signal, timeoutMs: 10_000 };
const failure = (work: Promise<unknown>): Promise<RpcError> =>
  work.then(
    () => {
      throw new Error('It did not fail');
    },
    (error) => error,
  );
const until = (registry: ServiceRegistry, isSo: () => boolean) =>
  firstValueFrom(registry.changes.pipe(startWith(undefined), filter(isSo)));

it('finds by reflection what a backend offers, and calls it in JSON', async () => {
  const library = await startLibrary();
  const registry = await openFixture(servicesFile(libraryAt(library.address)));
  expect(
    registry.list().map(({ name, repetition, backend }) => [name, repetition, backend]),
  ).toEqual([
    ['library.v1.Library/Borrow', 'unspecified', 'library'],
    ['library.v1.Library/Browse', 'noSideEffects', 'library'],
    ['library.v1.Library/GetBook', 'noSideEffects', 'library'],
  ]);
  const reply = await registry.call(getBook, { isbn: '1' }, options);
  expect(reply.response).toEqual({ isbn: '1', title: 'Trivium', pageCount: '9007199254740993' });
  expect(reply.attempts).toBe(1);
});

it('streams what a method streams', async () => {
  const library = await startLibrary();
  const registry = await openFixture(servicesFile(libraryAt(library.address)));
  const books = registry.stream('library.v1.Library/Browse', {}, options);
  await expect(lastValueFrom(books.pipe(toArray()))).resolves.toEqual([
    { title: 'one' },
    { title: 'two' },
  ]);
});

it('asks by v1alpha where there is no v1', async () => {
  const library = await startLibrary({ reflection: 'v1alpha' });
  const registry = await openFixture(servicesFile(libraryAt(library.address)));
  expect(registry.find(getBook)?.backend).toBe('library');
});

it('says of a backend without reflection what is wrong, and knows none of its methods', async () => {
  const library = await startLibrary({ reflection: 'none' });
  const registry = await openFixture(servicesFile(libraryAt(library.address)));
  expect(registry.backends()).toMatchObject([{ name: 'library', isKnown: false }]);
  const error = await failure(registry.call(getBook, {}, options));
  expect(error).toMatchObject({
    code: Code.UNAVAILABLE,
    message: expect.stringContaining('library'),
  });
});

it('lists the methods of a backend that was down at the start once it is up', async () => {
  const gone = await startLibrary();
  gone.kill();
  const registry = await openFixture(servicesFile(libraryAt(gone.address)));
  expect(registry.list()).toEqual([]);
  await startLibrary({ address: gone.address });
  await until(registry, () => registry.find(getBook) !== undefined);
  await expect(registry.call(getBook, { isbn: '2' }, options)).resolves.toMatchObject({
    attempts: 1,
  });
});

it('goes to several addresses in turn', async () => {
  const libraries = [await startLibrary(), await startLibrary()];
  const registry = await openFixture(
    servicesFile(libraryAt(...libraries.map(({ address }) => address))),
  );
  for (let n = 0; n < 20; n += 1) await registry.call(getBook, {}, options);
  for (const { calls } of libraries) expect(calls.length).toBeGreaterThan(0);
});

it('gives a name that two backends offer to the first in the file, and says so', async () => {
  const [first, second] = [await startLibrary(), await startLibrary()];
  const registry = await openFixture(
    servicesFile(
      `services:\n  - { name: one, addresses: "${first.address}" }\n  - { name: two, addresses: "${second.address}" }\n`,
    ),
  );
  await registry.call(getBook, {}, options);
  expect([first.calls.length, second.calls.length]).toEqual([1, 0]);
  expect(registry.problems()).toContain('library.v1.Library/GetBook: one serves it, two does not');
});

it('offers only the methods that are allowed', async () => {
  const library = await startLibrary();
  const registry = await openFixture(
    servicesFile(`${libraryAt(library.address)}    methods: [library.v1.Library/Get*]\n`),
  );
  expect(registry.list().map(({ name }) => name)).toEqual([getBook]);
});

it('names each field of a request that is not right, and what would be, and calls nothing', async () => {
  const library = await startLibrary();
  const registry = await openFixture(servicesFile(libraryAt(library.address)));
  const request: JsonObject = {
    reader: 7,
    wishes: [{ isbn: 'a' }, { copies: 'many' }],
    until: 'FRIDAY',
    unitl: 1,
  };
  const error = await failure(registry.call(borrow, request, options));
  expect(error.code).toBe(Code.INVALID_ARGUMENT);
  expect(error.message).toBe('request.reader: must be a text (and 3 more)');
  const violations = findDetail(error, BadRequest)?.fieldViolations.map(
    ({ field, description }) => [field, description],
  );
  expect(violations).toEqual([
    ['request.reader', 'must be a text'],
    ['request.wishes[1].copies', 'must be a whole number of 32 bits'],
    ['request.until', 'must be one of UNTIL_UNSPECIFIED, UNTIL_MONDAY'],
    [
      'request.unitl',
      'is no field of library.v1.BorrowRequest, whose fields are: reader, wishes, until',
    ],
  ]);
  expect(library.calls).toEqual([]);
});

it.each([
  'unix:/tmp/socket/Method',
  '127.0.0.1:50051/Method',
  'dns:///x/Method',
  'none.v1.None/Method',
])('knows no method %s, and dials nothing for it', async (name) => {
  const library = await startLibrary();
  const registry = await openFixture(servicesFile(libraryAt(library.address)));
  await expect(failure(registry.call(name, {}, options))).resolves.toMatchObject({
    code: Code.NOT_FOUND,
  });
});

it('calls again after UNAVAILABLE where the method is declared safe, as often as it is told', async () => {
  const unavailable = () => {
    throw Object.assign(new Error('not now'), { code: Code.UNAVAILABLE });
  };
  const library = await startLibrary({
    answers: {
      [getBook]: () => (library.calls.length < 3 ? unavailable() : {}),
      [borrow]: unavailable,
    },
  });
  const registry = await openFixture(servicesFile(libraryAt(library.address)));
  const reply = await registry.call(getBook, {}, { ...options, maxAttempts: 3 });
  expect(reply.attempts).toBe(3);
  await expect(
    failure(registry.call(borrow, {}, { ...options, maxAttempts: 3 })),
  ).resolves.toMatchObject({
    code: Code.FAILED_PRECONDITION,
  });
  expect(library.calls).not.toContain(borrow);
});

it('passes by what a newer backend answers besides', async () => {
  const truth = libraryContract({ bookFields: [{ name: 'shelf', type: 'TYPE_STRING' }] });
  const library = await startLibrary({
    truth,
    answers: { [getBook]: () => ({ title: 'T', shelf: 'A7' }) },
  });
  const registry = await openFixture(servicesFile(libraryAt(library.address)));
  const { response } = await registry.call(getBook, {}, options);
  expect(response).toEqual({ title: 'T' });
});

it('refuses a response beyond the limit', async () => {
  const library = await startLibrary({
    answers: { [getBook]: () => ({ title: 'x'.repeat(5_000) }) },
  });
  const registry = await openFixture(servicesFile(libraryAt(library.address)), {
    maxMessageBytes: 4_096,
  });
  await expect(failure(registry.call(getBook, {}, options))).resolves.toMatchObject({
    code: Code.RESOURCE_EXHAUSTED,
  });
});

describe('a backend that has another contract than when it was discovered', () => {
  const renamed = libraryContract({ borrowName: 'Lend' });
  const retyped = libraryContract({ bookFields: [{ name: 'title_2', type: 'TYPE_STRING' }] });
  const unimplemented = () => {
    throw Object.assign(new Error('no such method'), { code: Code.UNIMPLEMENTED });
  };
  /** What discovering the backend again gives, before the registry has noticed by itself. */
  const entryAt = async (address: string, name: string) => {
    const registry = await openFixture(servicesFile(libraryAt(address)));
    return registry.find(name) as MethodEntry;
  };

  it('is discovered again when it is back, and the new contract is in force', async () => {
    const library = await startLibrary();
    const registry = await openFixture(servicesFile(libraryAt(library.address)));
    library.kill();
    await startLibrary({ address: library.address, file: renamed });
    await until(registry, () => registry.find('library.v1.Library/Lend') !== undefined);
    expect(registry.find(borrow)).toBeUndefined();
  });

  it('fails a call of what it no longer has with FAILED_PRECONDITION', async () => {
    const library = await startLibrary({ answers: { [getBook]: unimplemented } });
    const registry = await openFixture(servicesFile(libraryAt(library.address)));
    const entry = registry.find(getBook) as MethodEntry;
    const call = callByContract(entry, { request: {}, options, refresh: async () => undefined });
    const error = await failure(call);
    expect(error).toMatchObject({
      code: Code.FAILED_PRECONDITION,
      message: expect.stringContaining('does not offer library.v1.Library/GetBook any more'),
    });
  });

  it('is asked again after an UNIMPLEMENTED: a safe method is called by the new contract', async () => {
    const library = await startLibrary({ answers: { [getBook]: unimplemented } });
    const registry = await openFixture(servicesFile(libraryAt(library.address)));
    const other = await startLibrary({ file: retyped });
    const now = await entryAt(other.address, getBook);
    const reply = await callByContract(registry.find(getBook) as MethodEntry, {
      request: {},
      options,
      refresh: async () => now,
    });
    expect(reply.response).toMatchObject({ title: 'Trivium' });
    expect([library.calls, other.calls]).toEqual([[getBook], [getBook]]);
  });

  it('leaves a call that is not safe to repeat with FAILED_PRECONDITION and the reason', async () => {
    const library = await startLibrary({ answers: { [borrow]: unimplemented } });
    const registry = await openFixture(servicesFile(libraryAt(library.address)));
    const other = await startLibrary({ file: retyped });
    const now = await entryAt(other.address, borrow);
    const call = callByContract(registry.find(borrow) as MethodEntry, {
      request: {},
      options,
      refresh: async () => now,
    });
    const error = await failure(call);
    expect(error.code).toBe(Code.FAILED_PRECONDITION);
    expect(findDetail(error, ErrorInfo)?.reason).toBe('CONTRACT_CHANGED');
    expect(other.calls).toEqual([]);
  });
});

it('reads the file again when it changes, and keeps what was good when it breaks', async () => {
  const [first, second] = [
    await startLibrary(),
    await startLibrary({ file: libraryContract({ borrowName: 'Lend' }) }),
  ];
  const file = servicesFile(libraryAt(first.address));
  const registry = await openFixture(file);
  writeFileSync(file, libraryAt(second.address).replace('library', 'other'));
  await until(registry, () => registry.find('library.v1.Library/Lend')?.backend === 'other');
  expect(registry.find(borrow)).toBeUndefined();
  writeFileSync(file, 'services:\n  - name: 7\n');
  await until(registry, () => registry.problems().length > 0);
  expect(registry.problems()[0]).toContain('services.yaml:2');
  await expect(registry.call(getBook, {}, options)).resolves.toBeDefined();
});

it('ends a call when its signal aborts, and by its deadline', async () => {
  const library = await startLibrary({
    answers: { [getBook]: () => new Promise(() => undefined) },
  });
  const registry = await openFixture(servicesFile(libraryAt(library.address)));
  const controller = new AbortController();
  const cancelled = failure(registry.call(getBook, {}, { signal: controller.signal }));
  controller.abort();
  await expect(cancelled).resolves.toMatchObject({ code: Code.CANCELLED });
  await expect(
    failure(registry.call(getBook, {}, { ...options, timeoutMs: 50 })),
  ).resolves.toMatchObject({
    code: Code.DEADLINE_EXCEEDED,
  });
});
