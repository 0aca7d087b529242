import { goals } from '../goals.ts';
import { largeLoad, smallLoad } from './figures.ts';
import { benchSync } from './sync-bench.ts';

it('measures every peer in a process of its own, and speaks of every goal of its load', async () => {
  const said: string[] = [];
  const { figures, lines = [] } = await benchSync({
    rounds: 1,
    timeShare: 0.01,
    concurrencies: [1, 3],
    turnMs: 5,
    turns: 1,
    warmUpMs: 5,
    tolerance: Infinity,
    say: (line) => said.push(line),
  });
  for (const { name, samples } of figures) {
    expect([name, samples.length, samples.every(Number.isFinite)]).toEqual([name, 1, true]);
  }
  const loads = [smallLoad(1), largeLoad(4)];
  const ours = (goals['sync'] ?? []).filter(({ figure }) =>
    loads.some((load) => figure.includes(`, ${load}:`)),
  );
  expect(ours.length).toBeGreaterThan(0);
  const names = figures.map(({ name }) => name);
  expect(ours.map(({ figure }) => figure).filter((figure) => !names.includes(figure))).toEqual([]);
  expect(lines.join('\n')).toMatch(/raw node:http2 .*\d/);
  expect(said).toContain('3 at a time: run 1 of 1');
}, 120_000);
