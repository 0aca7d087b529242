import { latenciesOf, watcherFigures } from './watchers.ts';

it('counts from when an event was told to when each watcher had it', () => {
  const receivedUs = [
    [1_500, 2_000],
    [12_000, 11_250],
  ];
  expect(latenciesOf([1_000, 11_000], receivedUs)).toEqual([0.5, 1, 1, 0.25]);
});

it('compares the CPU of an event within a run', () => {
  const watched = (cpuUs: number) => ({ latenciesMs: [1, 2], cpuUs, heldKb: 6, residentKb: 30 });
  const run = new Map([
    ['raw grpc-js', watched(10)],
    ['trivium', watched(6)],
  ]);
  const figures = watcherFigures([run, run]);
  const samplesOf = (name: string) => figures.find((figure) => figure.name === name)?.samples;
  expect(samplesOf('CPU per watcher and event, µs: trivium / raw grpc-js')).toEqual([0.6, 0.6]);
  expect(samplesOf('p99 from an event to its watchers, ms: trivium')).toEqual([2, 2]);
});
