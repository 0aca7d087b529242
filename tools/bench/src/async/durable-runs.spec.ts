import type { Child } from '../child.ts';
import type { DurableLoad } from './closed-loop.ts';
import { makeDurableRuns } from './durable-runs.ts';

const client = (callsOf: (load: DurableLoad) => number): Child => ({
  greeting: 'ready',
  ask: async (load) => ({
    calls: callsOf(load as DurableLoad),
    elapsedMs: 1_000,
    cpuMs: 1,
    latenciesMs: [1],
  }),
  stop: async () => {},
});

it('keeps what was measured when the bases agree on nothing else', async () => {
  const said: string[] = [];
  const clients = new Map([
    ['base', client(() => 100)],
    ['base, again', client(({ call }) => (call === 'start' ? 101 : 300))],
  ]);
  const { start, finish, light } = await makeDurableRuns({
    context: {
      rounds: 2,
      timeShare: 1,
      say: (line) => said.push(line),
      turnMs: 1,
      turns: 1,
      tolerance: 0.1,
      sizes: { watchers: 1, pending: 1, events: 1 },
      newFolder: () => '',
    },
    where: 'here',
    clients,
    bases: ['base', 'base, again'],
  });
  expect([start.length, finish.length, light.length]).toEqual([2, 0, 2]);
  expect(said.at(-2)).toMatch(/^NOT MEASURED: start to finished\/s, here: In none of 8 runs/);
});
