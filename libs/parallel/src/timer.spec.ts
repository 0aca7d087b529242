import { jest } from '@jest/globals';
import { startTimer } from './timer.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('a timer', () => {
  it('may be longer than the longest delay that Node takes', () => {
    const callback = jest.fn();
    startTimer(2 ** 32, callback);
    jest.advanceTimersByTime(2 ** 32 - 1);
    expect(callback).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  it('never ends for Infinity, and needs no timer for that', () => {
    startTimer(Infinity, () => {});
    expect(jest.getTimerCount()).toBe(0);
  });

  it('can be cancelled at any time', () => {
    const cancel = startTimer(2 ** 32, () => {});
    jest.advanceTimersByTime(2 ** 31);
    cancel();
    expect(jest.getTimerCount()).toBe(0);
  });
});
