import { parseBenchArgs } from './bench-args.ts';

const names = ['shop', 'sync'];

it('reads what is to be measured, and how', () => {
  expect(parseBenchArgs(['sync'], names)).toEqual({
    help: false,
    name: 'sync',
    rounds: 5,
    quick: false,
    json: undefined,
    check: false,
  });
  const args = ['--rounds', '3', 'shop', '--quick', '--check', '--json', 'out.json'];
  expect(parseBenchArgs(args, names)).toMatchObject({
    name: 'shop',
    rounds: 3,
    quick: true,
    json: 'out.json',
    check: true,
  });
  expect(parseBenchArgs(['--help'], names)).toEqual({ help: true });
});

it.each([
  [[], 'Which bench?'],
  [['speed'], 'No such bench: speed'],
  [['shop', 'sync'], 'One bench at a time, and not also sync'],
  [['sync', '--rounds', '0'], 'Not a number of rounds: 0'],
  [['sync', '--rounds', 'many'], 'Not a number of rounds: many'],
  [['sync', '--fast'], "Unknown option '--fast'"],
  [['sync', '--json'], "Option '--json <value>' argument missing"],
])('refuses %j, and says how it is used', (args, line) => {
  expect(() => parseBenchArgs(args, names)).toThrow(line);
  expect(() => parseBenchArgs(args, names)).toThrow(/Usage: npm run bench -- shop \| sync/);
});
