import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { closeEngines, collect, newPath, oneTo, openEngine } from '../fixtures/open-engine.ts';

const script = fileURLToPath(new URL('../fixtures/working-process.ts', import.meta.url));
const children: ChildProcess[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }
  await closeEngines();
});

type Line = Record<string, unknown>;

/** A process that works on a store, and what it says. */
function startProcess(args: readonly string[]) {
  const node = ['--disable-warning=ExperimentalWarning', script, ...args];
  const child = spawn(process.execPath, node, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const said: Line[] = [];
  const listeners = new Set<() => void>();
  createInterface(child.stdout).on('line', (line) => {
    said.push(JSON.parse(line));
    for (const listener of listeners) listener();
  });
  /** Resolves with the first line that is so. */
  const says = (isIt: (line: Line) => boolean): Promise<Line> =>
    new Promise((resolve) => {
      const look = (): void => {
        const line = said.find(isIt);
        if (!line) return;
        listeners.delete(look);
        resolve(line);
      };
      listeners.add(look);
      look();
    });
  return { child, said, says };
}

const began = (attempt: number) => (line: Line) =>
  line['began'] !== undefined && line['attempt'] === attempt;
const saying = (text: string) => (line: Line) => String(line['msg']).includes(text);

it('fences off a process that stood still past its lease: its writes are refused', async () => {
  const [path, effects] = [newPath(), `${newPath()}.effects`];
  const first = startProcess([path, effects, '600', '1']);
  await first.says(began(1));
  await first.says((line) => line['ready'] === true);
  first.child.kill('SIGSTOP');
  const second = startProcess([path, effects, '600', '0']);
  await second.says(began(2));
  first.child.kill('SIGCONT');
  // Both have had the effect by now, and both want to record what came of it.
  writeFileSync(`${effects}.go`, '');
  await first.says(saying('the lease on an operation is lost'));

  const { operations } = await openEngine({}, path);
  const { name } = (await operations.findByRequestId('r0'))!;
  const { result, attempt } = await operations.wait(name);
  expect(attempt).toBe(2);
  expect(Buffer.from((result!.value as { value: Uint8Array }).value).toString()).toBe(
    'of attempt 2',
  );
  const events = await collect(operations.events(name));
  expect(events.map(({ kind, attempt: of }) => [kind, of])).toEqual([
    ...[
      ['ACCEPTED', 0],
      ['RESUMED', 2],
      ['STEP_REPEATED', 2],
      ['SUCCEEDED', 2],
    ],
  ]);
  expect(first.said.filter(saying('the lease on an operation is lost'))).toHaveLength(1);
});

it('takes over at once what a killed process was working on, all of it', async () => {
  const [path, effects] = [newPath(), `${newPath()}.effects`];
  // A lease far longer than the spec takes: that its process is gone is seen without it.
  const first = startProcess([path, effects, '600000', '40']);
  await first.says((line) => line['ready'] === true);
  const second = startProcess([path, effects, '1000', '0']);
  await second.says((line) => line['ready'] === true);
  expect(second.said.filter(began(2))).toEqual([]);
  const exited = once(first.child, 'exit');
  first.child.kill('SIGKILL');
  await exited;
  writeFileSync(`${effects}.go`, '');
  const { operations } = await openEngine({}, path);
  for (const index of oneTo(40)) {
    const { name } = (await operations.findByRequestId(`r${index - 1}`))!;
    const { attempt } = await operations.wait(name);
    expect(attempt).toBe(2);
    const events = await collect(operations.events(name));
    expect(events.map(({ sequence }) => sequence)).toEqual(oneTo(events.length));
    expect(events.filter(({ last }) => last)).toHaveLength(1);
  }
});

it('hears of a cancellation that another process was asked for', async () => {
  const [path, effects] = [newPath(), `${newPath()}.effects`];
  const first = startProcess([path, effects, '5000', '1']);
  await first.says(began(1));
  const { operations } = await openEngine({}, path);
  const { name } = (await operations.findByRequestId('r0'))!;
  await operations.cancel(name);
  // What this process follows is seen though the other one writes it.
  const events = await collect(operations.events(name));
  expect(events.map(({ kind }) => kind)).toEqual(['ACCEPTED', 'CANCELLED']);
});
