import { goals } from '../goals.ts';
import { benchAsync } from './async-bench.ts';

it('measures ours without any server, and speaks of each goal that compares with nothing else', async () => {
  const said: string[] = [];
  const { figures, lines = [] } = await benchAsync({
    rounds: 1,
    timeShare: 0.01,
    turnMs: 5,
    turns: 1,
    tolerance: Infinity,
    sizes: { watchers: 20, pending: 20, events: 2_000 },
    servers: [],
    say: (line) => said.push(line),
  });
  const names = figures.map(({ name }) => name);
  const others = /BullMQ|pg-boss|Restate/;
  const own = (goals['async'] ?? []).filter(({ figure }) => !others.test(figure));
  expect(own.map(({ figure }) => figure).filter((figure) => !names.includes(figure))).toEqual([]);
  expect(figures.filter(({ samples }) => !samples.every(Number.isFinite))).toEqual([]);
  expect(said.filter((line) => line.startsWith('NOT MEASURED'))).toEqual([]);
  expect(said).toContain('BullMQ is skipped: it was not asked for');
  expect(lines.join('\n')).toMatch(/^echo .*\d/m);
}, 180_000);
