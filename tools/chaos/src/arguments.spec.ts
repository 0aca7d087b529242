import { readArguments } from './arguments.ts';

it('has a bounded run as its default, with a seed that it draws', () => {
  const drawn = readArguments([]);
  expect(drawn).toMatchObject({ kills: 20, orders: 200, concurrency: 48, keep: false });
  expect(drawn).toMatchObject({ seed: expect.any(Number) });
});

it('reads what it is told', () => {
  const args =
    '--kills 200 --orders 2000 --seed 7 --pauses 0 --concurrency 8 --twin --json a.json --keep';
  expect(readArguments(args.split(' '))).toEqual({
    ...{ help: false, kills: 200, orders: 2000, seed: 7, pauses: 0, concurrency: 8 },
    ...{ json: 'a.json', twin: true, keep: true, crashPoints: 0 },
  });
});

it('says in one line what is wrong', () => {
  expect(() => readArguments(['--kill', '3'])).toThrow(/^[^\n]*--kill[^\n]*$/);
  expect(() => readArguments(['--kills', 'many'])).toThrow(
    "--kills must be a whole number from 0 to 5000, not 'many'.",
  );
  expect(() => readArguments(['--orders', '0'])).toThrow('--orders must be');
  expect(() => readArguments(['--orders', ''])).toThrow('--orders must be');
});
