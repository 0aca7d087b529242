import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import {
  createOperations,
  openOperationStore,
  operationServices,
  type Operations,
  type RunningOperation,
} from '@trivium/async';
import { Any } from '@trivium/contracts/google/protobuf/any';
import { Code, createLogger, type Host, RpcError, startHost } from '@trivium/rpc';

const script = fileURLToPath(new URL('main.ts', import.meta.url));
const log = createLogger({ name: 'spec', level: 'silent' });

let folder: string;
let operations: Operations;
let host: Host;
let close: () => Promise<void>;
let begun = Promise.withResolvers<RunningOperation>();
let end = Promise.withResolvers<void>();

async function serve(address = '127.0.0.1:0') {
  const store = await openOperationStore({ path: join(folder, 'operations.db') });
  operations = createOperations({
    ...{ store, log },
    kinds: {
      byHand: async (operation) => {
        begun.resolve(operation);
        const { promise, reject } = Promise.withResolvers<void>();
        operation.signal.addEventListener('abort', () => reject(operation.signal.reason));
        await Promise.race([end.promise, promise]);
        return Any.fromPartial({});
      },
      fail: async () => {
        throw new RpcError(Code.FAILED_PRECONDITION, 'There are no mugs left');
      },
    },
  });
  await operations.resume();
  host = await startHost({ address, services: operationServices(operations), log });
  close = async () => {
    await host.drain();
    await operations.close();
    await store.close();
  };
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trivium-ops-'));
  begun = Promise.withResolvers();
  end = Promise.withResolvers<void>();
  await serve();
});
afterEach(async () => {
  await close();
  rmSync(folder, { recursive: true });
});

/** Starts the command as a process of its own, at the service's address unless another is named. */
function startOps(...args: string[]) {
  const at = args.includes('--address') ? [] : ['--address', host.address];
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', script, ...args, ...at],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, FORCE_COLOR: undefined } },
  );
  const [out, err] = [text(child.stdout), text(child.stderr)];
  const exit = new Promise<number | null>((resolve) => child.on('exit', resolve));
  return { child, ended: Promise.all([exit, out, err]) };
}

async function ops(...args: string[]) {
  const [code, out, err] = await startOps(...args).ended;
  return { code, out, err };
}

const start = async (kind: string, requestId: string) =>
  (await operations.start({ kind, requestId, request: Buffer.from('') })).name;

it('lists operations as a table that lines up, and pages of them', async () => {
  const failed = await start('fail', 'r-1');
  await operations.wait(failed);
  const running = await start('byHand', 'r-2');
  await begun.promise;

  const { code, out, err } = await ops('list');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const [head = '', first = '', second = ''] = out.split('\n');
  expect(head).toMatch(/^NAME +STATE +KIND +AGE +ATTEMPT +WAITS FOR, OR FAILED BY$/);
  expect(first).toMatch(new RegExp(`^${running} +RUNNING +byHand +[\\d.]+ m?s +1`));
  expect(second).toContain(failed);
  expect(second).toMatch(/FAILED +fail +.*FAILED_PRECONDITION: There are no mugs left$/);
  expect(first.indexOf('RUNNING')).toBe(head.indexOf('STATE'));

  expect((await ops('list', '--running')).out).not.toContain(failed);
  expect((await ops('list', '--kind', 'fail')).out).not.toContain(running);
  const page = await ops('list', '--page-size', '1');
  const token = /--page-token (\S+)/.exec(page.err)?.[1] ?? '';
  expect((await ops('list', '--page-size', '1', '--page-token', token)).out).toContain(failed);
  expect(await ops('list', '--kind', 'none')).toMatchObject({ code: 0, out: '' });
}, 30_000);

it('shows an operation as a timeline: its events, and what it waits for or how it ended', async () => {
  const name = await start('byHand', 'r-1');
  const operation = await begun.promise;
  await operation.emit({ kind: 'RESERVED', description: 'The pieces are held' });
  const error = { code: Code.UNAVAILABLE, message: 'no answer', details: [] };
  await operation.emit({ kind: 'DELAYED', description: 'The carrier is slow', error });

  const running = await ops('show', name);
  expect(running.code).toBe(0);
  expect(running.out).toMatch(new RegExp(`^${name}  byHand  RUNNING  attempt 1\nrequest id r-1, `));
  expect(running.out).toMatch(/\+0 ms +0 ms {2}ACCEPTED +Accepted\n/);
  expect(running.out).toMatch(/\+[\d.]+ m?s +[\d.]+ m?s {2}RESERVED +█+ +The pieces are held\n/);
  expect(running.out).toMatch(/DELAYED.*The carrier is slow\n +because UNAVAILABLE: no answer\n/);
  expect(running.out).toMatch(/\nNow, [\d.]+ m?s old: .+\n$/);

  end.resolve();
  await operations.wait(name);
  const ended = await ops('show', name.replace('operations/', ''));
  expect(ended.out).toMatch(/\nSUCCEEDED after [\d.]+ m?s\n$/);
}, 30_000);

it('watches an operation through a restart of its service, until it has ended', async () => {
  const name = await start('byHand', 'r-1');
  const operation = await begun.promise;
  const { child, ended } = startOps('watch', name);
  const lines = text(child.stdout.pipe(new PassThrough()));
  const seen = Promise.withResolvers<void>();
  child.stdout.on('data', (data: Buffer) => String(data).includes('NEWS') && seen.resolve());
  await operation.emit({ kind: 'NEWS', description: 'Something' });
  await seen.promise;

  const { address } = host;
  await close();
  begun = Promise.withResolvers();
  await serve(address);
  await begun.promise;
  end.resolve();
  const [code, out, err] = await ended;
  expect(code).toBe(0);
  expect(await lines).toBe(out);
  expect(out).toMatch(/NEWS +Something\n.*── attempt 2 ──\n.*RESUMED.*\n.*SUCCEEDED/);
  expect(err).toMatch(/… lost the service \(UNAVAILABLE: .+\); again in \d+ ms/);
  expect((await ops('watch', name, '--after', '3')).out).not.toContain('NEWS');
}, 30_000);

it('ends with 3 when what it watched ended otherwise than well', async () => {
  const { code, out } = await ops('watch', await start('fail', 'r-1'));
  expect(code).toBe(3);
  expect(out).toMatch(/because FAILED_PRECONDITION: There are no mugs left\n/);
}, 30_000);

it('cancels an operation', async () => {
  const name = await start('byHand', 'r-1');
  await begun.promise;
  const { code, out } = await ops('cancel', name);
  expect(code).toBe(0);
  expect(out).toMatch(/was asked to end|has ended: CANCELLED/);
  expect((await operations.wait(name)).result).toMatchObject({ value: { code: Code.CANCELLED } });
  expect((await ops('cancel', name)).out).toContain('has ended: CANCELLED');
}, 30_000);

it('prints JSON for programs', async () => {
  const name = await start('fail', 'r-1');
  await operations.wait(name);
  expect(JSON.parse((await ops('list', '--json')).out)).toMatchObject({
    operations: [{ name, state: 'FAILED', lastSequence: 2, createTime: expect.any(String) }],
  });
  expect(JSON.parse((await ops('show', name, '--json')).out)).toMatchObject({
    operation: { name },
    events: [
      { sequence: 1, kind: 'ACCEPTED' },
      { sequence: 2, kind: 'FAILED' },
    ],
  });
  const { out } = await ops('watch', name, '--json');
  const lines = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    { sequence: 1, last: false },
    { sequence: 2, last: true },
  ]);
}, 30_000);

it('says what to do when nothing listens, and when there is no such operation', async () => {
  const nobody = await ops('list', '--address', '127.0.0.1:1');
  expect(nobody).toMatchObject({ code: 1, out: '' });
  expect(nobody.err).toMatch(/^Nothing answers at 127\.0\.0\.1:1: .+\n.*npm start/);
  const unknown = await ops('show', 'none');
  expect(unknown.code).toBe(1);
  expect(unknown.err).toMatch(/There is no operation operations\/none at .+ npm run ops -- list/);
  const filter = await ops('list', '--filter', 'size > 3');
  expect(filter).toMatchObject({ code: 1, err: expect.stringContaining('unknown field, size') });
}, 30_000);

it('tells how it is used: asked for it with 0, for a wrong command line with 2', async () => {
  expect(await ops('--help')).toMatchObject({ code: 0, err: '' });
  expect(await ops('list', '--help')).toMatchObject({ code: 0, err: '' });
  const wrong = await ops('lsit');
  expect(wrong).toMatchObject({ code: 2, out: '' });
  expect(wrong.err).toMatch(/^No such command: lsit\n\nUsage: /);
}, 30_000);
