import { readArguments, UsageError } from './arguments.ts';

it('reads what to do, with which plan and how', () => {
  expect(readArguments(['check', 'a.yaml'])).toEqual({
    ...{ command: 'check', file: 'a.yaml', json: false, timeoutMs: 30_000 },
    ...{ services: undefined, input: undefined, svg: undefined },
  });
  const all = ['run', 'a.yaml', '--services=s.yaml', '--input', '@in.json', '--timeout', '500ms'];
  expect(readArguments([...all, '--svg', 'a.svg', '--json'])).toEqual({
    ...{ command: 'run', file: 'a.yaml', json: true, timeoutMs: 500 },
    ...{ services: 's.yaml', input: '@in.json', svg: 'a.svg' },
  });
  expect(readArguments(['--help'])).toBeUndefined();
});

it.each([
  [[], 'Say what to do: check, draw, run'],
  [['paint', 'a.yaml'], 'Say what to do: check, draw, run; not paint'],
  [['check'], 'check takes one FILE'],
  [['check', 'a', 'b'], 'check takes one FILE'],
  [['check', 'a', '--svg', 'b'], 'check draws nothing: no --svg'],
  [['run', 'a', '--inptu', '{}'], "Unknown option '--inptu'"],
  [
    ['run', 'a', '--timeout', 'soon'],
    '--timeout must be a time such as 500ms, 10s or 2m, not soon',
  ],
])('says in a line what is wrong with %j', (args, message) => {
  expect(() => readArguments(args)).toThrow(UsageError);
  expect(() => readArguments(args)).toThrow(message);
});
