import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Code } from '../error/code.ts';
import { closeAll, closeLater } from '../spec/echo.ts';
import { startEchoHost } from '../spec/echo-service.ts';

afterEach(closeAll);

const program = new URL('../spec/caller.ts', import.meta.url);

/** What a process that makes one call says, once it is gone. */
async function sayings(address: string, ...args: readonly string[]): Promise<unknown[]> {
  const child = fork(program, [address, ...args], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  closeLater(() => child.kill('SIGKILL'));
  const said: unknown[] = [];
  child.on('message', (message) => said.push(message));
  const [exitCode] = (await once(child, 'exit')) as [number];
  return [...said, exitCode];
}

it('comes as soon as no call is open, though the channel is', async () => {
  const host = await startEchoHost();
  closeLater(() => host.drain({ force: true }));
  expect(await sayings(host.address, 'keeps')).toEqual(['hello', 0]);
});

it('waits for a call that waits for its peer', async () => {
  const host = await startEchoHost();
  await host.drain({ force: true });
  expect(await sayings(host.address, 'keeps', 'waits')).toEqual([Code.DEADLINE_EXCEEDED, 0]);
});

it('comes at once when the channel is closed before there was a connection', async () => {
  expect(await sayings('127.0.0.1:1', 'closes')).toEqual([Code.UNAVAILABLE, 0]);
});
