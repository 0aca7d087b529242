import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { closeEngines, collect, newPath, oneTo, openEngine } from '../fixtures/open-engine.ts';
import { stepsWork } from '../fixtures/steps-work.ts';

afterEach(closeEngines);

const script = fileURLToPath(new URL('../fixtures/crashing-process.ts', import.meta.url));

/** Runs the process until it has shown an event that `isEnough`, kills it, and returns all shown. */
async function runUntilKilled(
  args: readonly string[],
  isEnough: (event: { sequence: number; kind: string | number }) => boolean,
) {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', script, ...args],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const exited = once(child, 'exit');
  const shown: { sequence: number; kind: string | number }[] = [];
  for await (const line of createInterface(child.stdout)) {
    shown.push(JSON.parse(line));
    if (isEnough(shown.at(-1)!)) child.kill('SIGKILL');
  }
  expect(await exited).toEqual([null, 'SIGKILL']);
  return shown;
}

it('goes on after a SIGKILL from the steps that are recorded', async () => {
  const [path, effectsPath] = [newPath(), `${newPath()}.effects`];
  await runUntilKilled([path, effectsPath, 'hold'], ({ kind }) => kind === 'two');

  const { operations } = await openEngine({ hold: stepsWork({ effectsPath }) }, path);
  expect(await operations.resume()).toBe(1);
  const { name } = (await operations.findByRequestId('r'))!;
  const { result, attempt } = await operations.wait(name);
  expect(attempt).toBe(2);
  expect(Buffer.from((result!.value as { value: Uint8Array }).value).toString()).toBe(
    'one of attempt 1, two of attempt 1, three of attempt 2',
  );
  const events = await collect(operations.events(name));
  expect(events.map(({ sequence }) => sequence)).toEqual(oneTo(events.length));
  // Whether the third step had begun by then is up to the machine.
  const kinds = events.map(({ kind }) => kind).filter((kind) => kind !== 'STEP_REPEATED');
  expect(kinds).toEqual([...['ACCEPTED', 'one', 'two', 'RESUMED', 'three', 'SUCCEEDED']]);

  // The third step may have begun when the process was killed: at least once, and never less.
  const effects = readFileSync(effectsPath, 'utf8').trim().split('\n');
  expect(effects.filter((id) => id === 'one')).toHaveLength(1);
  expect(effects.filter((id) => id === 'two')).toHaveLength(1);
  expect(effects.filter((id) => id === 'three').length).toBeGreaterThanOrEqual(1);
});

it.each([2, 3, 17, 60])(
  'still has each event that was seen when it is killed at event %i',
  async (last) => {
    const path = newPath();
    const shown = await runUntilKilled([path, '', 'emit'], ({ sequence }) => sequence === last);

    const { operations } = await openEngine({}, path);
    const { name, lastSequence } = (await operations.findByRequestId('r'))!;
    expect(lastSequence).toBeGreaterThanOrEqual(shown.length);
    const events = [];
    for await (const event of operations.events(name)) {
      events.push({ sequence: event.sequence, kind: event.kind });
      if (event.sequence === lastSequence) break;
    }
    expect(events.map(({ sequence }) => sequence)).toEqual(oneTo(lastSequence));
    expect(events.slice(0, shown.length)).toEqual(shown);
  },
);
