import { graphs } from './graphs.ts';
import { longestPathMs } from './longest-path.ts';

it('is the longest of all ways through a graph', () => {
  const own = (graph: string) =>
    new Map(graphs[graph]!.map(({ id, workMs }) => [id, workMs] as const));
  expect(longestPathMs(graphs['diamond']!, own('diamond'))).toBe(40);
  expect(longestPathMs(graphs['checkout']!, own('checkout'))).toBe(45);
});
