import { drawAsyncTables, drawColumns } from './async-tables.ts';

it('draws medians, empty cells where there is no figure, and no row without any', () => {
  const figures = [
    { name: 'rate: one', samples: [1, 3, 2] },
    { name: 'rate: other', samples: [10] },
    { name: 'wait: one', samples: [0.25] },
  ];
  const columns = [
    { heading: 'rate', figure: (title: string) => `rate: ${title}` },
    { heading: 'wait', figure: (title: string) => `wait: ${title}`, digits: 2 },
  ];
  expect(drawColumns(figures, 'who', ['one', 'other', 'absent'], columns)).toEqual([
    'who    rate  wait',
    'one       2  0.25',
    'other    10',
  ]);
});

it('draws no table of what was not measured', () => {
  expect(drawAsyncTables([])).toEqual([]);
  expect(
    drawAsyncTables([{ name: 'CPU per watcher and event, µs: trivium', samples: [8] }]),
  ).toEqual([
    'watching  p50, ms  p99, ms  CPU, µs  idle, KB  resident, KB',
    'trivium                         8.0',
  ]);
});
