import { jest } from '@jest/globals';
import { Code, RpcError } from '@trivium/rpc';
import { GRACE_MS, gracefulSignal } from './graceful-signal.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const aborted = (code: Code) => {
  const controller = new AbortController();
  const graceful = gracefulSignal(controller.signal);
  controller.abort(new RpcError(code, 'over'));
  return graceful;
};

it.each([Code.CANCELLED, Code.DEADLINE_EXCEEDED])('passes on code %d at once', (code) => {
  const { signal } = aborted(code);
  expect(signal.aborted).toBe(true);
  expect(signal.reason).toMatchObject({ code });
});

it('lets calls end for a while when the process is asked to stop', () => {
  const { signal } = aborted(Code.UNAVAILABLE);
  jest.advanceTimersByTime(GRACE_MS - 1);
  expect(signal.aborted).toBe(false);
  jest.advanceTimersByTime(1);
  expect(signal.aborted).toBe(true);
});

it('does nothing once it is cleared', () => {
  const { signal, clear } = aborted(Code.UNAVAILABLE);
  clear();
  jest.advanceTimersByTime(2 * GRACE_MS);
  expect(signal.aborted).toBe(false);
});
