import { readArguments } from './arguments.ts';

it('stays up on the documented ports unless it is told otherwise', () => {
  expect(readArguments([])).toEqual({ once: false, freePorts: false, help: false });
  expect(readArguments(['--once', '--free-ports'])).toEqual({
    once: true,
    freePorts: true,
    help: false,
  });
});

it('names an argument that it does not know', () => {
  expect(() => readArguments(['--onc'])).toThrow('Unknown argument --onc.');
  expect(() => readArguments(['now'])).toThrow('Unknown argument now.');
});
