import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { openEchoClient, type EchoClient } from '../spec/echo-client.ts';

const program = new URL('../spec/program.ts', import.meta.url);

/** The service as a process, and what it says. */
interface Program {
  readonly child: ChildProcess;
  readonly stderr: Promise<string>;
  readonly lines: Record<string, unknown>[];
  /** The first message that it sends to its parent; undefined when it ends without one. */
  readonly message: Promise<unknown>;
  readonly exitCode: Promise<number | null>;
  /** Resolves once it has logged this message. */
  logged(msg: string): Promise<void>;
}

const programs: Program[] = [];
const clients: EchoClient[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  for (const { child, exitCode } of programs.splice(0)) {
    child.kill('SIGKILL');
    await exitCode;
  }
});

function run(environment: Record<string, string> = {}, args: string[] = []): Program {
  const child = fork(program, args, {
    env: { PORT: '0', ...environment },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    silent: true,
  });
  const lines: Record<string, unknown>[] = [];
  const stdout = createInterface({ input: child.stdout! });
  stdout.on('line', (line) => {
    lines.push(line.startsWith('{') ? (JSON.parse(line) as Record<string, unknown>) : { line });
  });
  const ended = once(stdout, 'close');
  const exitCode = once(child, 'exit').then(([code]) => ended.then(() => code as number | null));
  const started: Program = {
    child,
    lines,
    exitCode,
    stderr: text(child.stderr!),
    message: Promise.race([once(child, 'message').then(([m]) => m as unknown), exitCode]).then(
      (m) => (typeof m === 'object' ? m : undefined),
    ),
    async logged(msg) {
      while (!lines.some((line) => line['msg'] === msg)) await once(stdout, 'line');
    },
  };
  programs.push(started);
  return started;
}

async function listening(started: Program): Promise<EchoClient> {
  const { address } = (await started.message) as { address: string };
  const client = openEchoClient(address);
  clients.push(client);
  return client;
}

it('logs where it listens, tells its parent, and serves', async () => {
  const started = run();
  const message = await started.message;
  expect(message).toEqual({
    type: 'listening',
    address: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
  });
  await started.logged('listening');
  expect(started.lines[0]).toMatchObject({
    level: 'info',
    service: 'echo',
    address: (message as { address: string }).address,
  });
  const client = await listening(started);
  await expect(client.say({ typeUrl: 'hi' }).response).resolves.toMatchObject({ typeUrl: 'hi' });
});

it.each(['SIGTERM', 'SIGINT', 'disconnect'] as const)(
  'drains, closes and ends well on %s',
  async (how) => {
    const started = run();
    await started.message;
    if (how === 'disconnect') started.child.disconnect();
    else started.child.kill(how);
    expect(await started.exitCode).toBe(0);
    expect(started.lines.map(({ msg }) => msg)).toEqual([
      'listening',
      'stopping',
      'closed',
      'stopped',
    ]);
    expect(await started.stderr).toBe('');
  },
);

it('breaks off what hangs when a signal comes again', async () => {
  const started = run();
  const client = await listening(started);
  const { response } = client.say({ typeUrl: 'hang' });
  await started.logged('hanging');
  started.child.kill('SIGTERM');
  await started.logged('stopping');
  // Signals that come within half a second are one.
  await new Promise((resolve) => setTimeout(resolve, 600));
  started.child.kill('SIGTERM');
  await expect(response).rejects.toMatchObject({ code: 14 });
  expect(await started.exitCode).toBe(1);
  await started.logged('breaking off');
});

it('says in one line that its port is in use', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const started = run({ PORT: String(port) });
  expect(await started.stderr).toBe(
    `echo: cannot listen at 127.0.0.1:${port}: the port is in use\n`,
  );
  expect(await started.exitCode).toBe(1);
  expect(started.lines.map(({ msg }) => msg)).toEqual(['closed']);
  other.close();
});

it('names every bad variable in one line', async () => {
  const started = run({ PORT: 'http', LIMIT: 'many' });
  expect(await started.stderr).toBe(
    'echo: bad environment: PORT must be a number from 0 to 65535; LIMIT must be a number\n',
  );
  expect(await started.exitCode).toBe(1);
});

it('says in one line that it does not know an argument', async () => {
  const started = run({}, ['--port', '1']);
  expect(await started.stderr).toBe('echo: unknown argument --port; --help shows what there is\n');
  expect(await started.exitCode).toBe(1);
});

it('says in one line that its database is unavailable', async () => {
  const started = run({ FAULT: 'database' });
  expect(await started.stderr).toBe('echo: the data folder cannot be written\n');
  expect(await started.exitCode).toBe(1);
  expect(started.lines).toEqual([]);
});

it('says in one line that it has a bug, and logs where', async () => {
  const started = run({ FAULT: 'bug' });
  expect(await started.stderr).toBe('echo: cannot start: TypeError: undefined is not a function\n');
  expect(await started.exitCode).toBe(1);
  expect(started.lines).toMatchObject([{ level: 'fatal', err: { stack: expect.any(String) } }]);
});

it('prints its variables for --help', async () => {
  const started = run({}, ['--help']);
  expect(await started.exitCode).toBe(0);
  const help = started.lines.map(({ line }) => line);
  expect(help).toContain('  PORT       The port to listen at; 0 is any free one (default 0)');
  expect(help).toContain('  FAULT      What goes wrong (optional)');
});

it('ends with exit code 1 when it cannot close', async () => {
  const started = run({ FAULT: 'close' });
  await started.message;
  started.child.kill('SIGTERM');
  expect(await started.exitCode).toBe(1);
  expect(started.lines.at(-1)).toMatchObject({ level: 'error', msg: 'cannot close' });
});

it('survives a rejection of a call that nobody handles, and logs it', async () => {
  const started = run();
  const client = await listening(started);
  await client.say({ typeUrl: 'reject' }).response;
  await expect(client.say({ typeUrl: 'hi' }).response).resolves.toBeDefined();
  await started.logged('a rejection of this call that nobody handles');
  expect(started.lines).toContainEqual(
    expect.objectContaining({
      level: 'error',
      method: '/spec.v1.Echo/Say',
      err: expect.objectContaining({ message: 'nobody handles me' }),
    }),
  );
});

it('logs an exception that nobody catches, drains, and ends with exit code 1', async () => {
  const started = run();
  const client = await listening(started);
  client.say({ typeUrl: 'throw' });
  expect(await started.exitCode).toBe(1);
  expect(started.lines).toContainEqual(
    expect.objectContaining({
      level: 'fatal',
      err: expect.objectContaining({ message: 'nobody catches me' }),
    }),
  );
  expect(started.lines.at(-1)).toMatchObject({ msg: 'stopped' });
});
