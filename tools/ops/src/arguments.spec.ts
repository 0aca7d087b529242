import { readArguments, UsageError } from './arguments.ts';

const at = { address: '127.0.0.1:50056', json: false };

it('reads what to list', () => {
  expect(readArguments(['list'])).toEqual({
    ...{ command: 'list', ...at, filter: '', pageSize: 20, pageToken: '' },
  });
  const words = ['--running', '--kind', 'a"b', '--filter', 'create_time > "x"', '--page-size', '5'];
  expect(readArguments(['list', ...words, '--page-token', 't', '--json'])).toEqual({
    ...{ command: 'list', ...at, json: true, pageSize: 5, pageToken: 't' },
    filter: 'create_time > "x" AND done = false AND kind = "a\\"b"',
  });
});

it('reads which operation, by its name or its id', () => {
  expect(readArguments(['show', 'a'])).toEqual({ command: 'show', ...at, name: 'operations/a' });
  expect(readArguments(['watch', 'operations/a', '--after', '3', '--address', '[::1]:9'])).toEqual({
    ...{ command: 'watch', name: 'operations/a', after: 3, json: false, address: '[::1]:9' },
  });
});

it('tells how it is used, each command for itself', () => {
  expect(readArguments(['--help'])).toMatchObject({ command: 'help' });
  for (const command of ['list', 'show', 'watch', 'cancel']) {
    const help = readArguments([command, '--help']);
    expect(help).toMatchObject({ text: expect.stringContaining(`npm run ops -- ${command}`) });
  }
});

it.each([
  [[], 'Usage: npm run ops'],
  [['lsit'], 'No such command: lsit'],
  [['list', 'x'], 'list takes no x'],
  [['list', '--page-size', 'x'], '--page-size takes a number'],
  [['list', '--colour'], '--colour'],
  [['show'], 'Which operation?'],
  [['show', 'a', 'b'], 'not also b'],
  [['watch', 'a', '--after', '-1'], '--after'],
  [['show', 'a', '--address', 'nowhere'], 'Not an address'],
])('refuses %j and says why', (args, why) => {
  expect(() => readArguments(args)).toThrow(UsageError);
  expect(() => readArguments(args)).toThrow(why);
});
