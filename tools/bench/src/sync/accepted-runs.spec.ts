import { acceptedRuns } from './accepted-runs.ts';

/** Makes runs that are as far apart as the list says, one after another. */
function plan(disagreements: readonly number[], wanted: number) {
  const said: string[] = [];
  const made: [number, number][] = [];
  return {
    said,
    made,
    options: {
      wanted,
      tolerance: 0.05,
      run: (index: number, accepted: number) => {
        made.push([index, accepted]);
        return Promise.resolve(disagreements[index] ?? 0);
      },
      disagreement: (run: number) => run,
      say: (line: string) => said.push(line),
    },
  };
}

it('keeps the runs whose bases agree, and makes no more than are wanted', async () => {
  const { options, made, said } = plan([0.01, 0.05, 0.02], 2);
  expect(await acceptedRuns(options)).toEqual([0.01, 0.05]);
  expect(made).toEqual([
    [0, 0],
    [1, 1],
  ]);
  expect(said).toEqual([]);
});

it('throws away a run whose bases differ by more, says so, and makes it again', async () => {
  const { options, made, said } = plan([0.2, 0.01, NaN, 0.03], 2);
  expect(await acceptedRuns(options)).toEqual([0.01, 0.03]);
  expect(made.map(([, accepted]) => accepted)).toEqual([0, 0, 1, 1]);
  expect(said[0]).toBe('thrown away and made again: its two bases differ by 20.0 %');
});

it('gives up after four runs for each that is wanted, and says how many are missing', async () => {
  const { options, made, said } = plan([0.01, ...Array<number>(20).fill(1)], 2);
  expect(await acceptedRuns(options)).toEqual([0.01]);
  expect(made).toHaveLength(8);
  expect(said.at(-1)).toBe('only 1 of 2 runs, after 8 were made');
});

it('fails when there is no run to judge by', async () => {
  const { options } = plan(Array<number>(20).fill(1), 3);
  await expect(acceptedRuns(options)).rejects.toThrow(/none of 12 runs .* within 5\.0 %/);
});
