import { jest } from '@jest/globals';
import { Deadlines } from './deadlines.ts';
import type { Expiring } from './deadlines.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

function waiting(deadlines: Deadlines, timeoutMs: number) {
  const told: number[] = [];
  const began = Date.now();
  const expiring: Expiring = {
    deadline: began + timeoutMs,
    expiry: undefined,
    expiryPlace: 0,
    onDeadline: () => told.push(Date.now() - began),
  };
  deadlines.add(expiring, timeoutMs);
  return { expiring, told };
}

it.each([1, 20, 511, 512, 1_023, 1_024, 1_500, 10_000, 3_600_000, 86_400_000])(
  'tells after %i ms, neither earlier nor later',
  (timeoutMs) => {
    const { told, expiring } = waiting(new Deadlines(), timeoutMs);
    jest.advanceTimersByTime(timeoutMs - 1);
    expect(told).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(told).toEqual([timeoutMs]);
    expect(expiring.expiry).toBeUndefined();
    expect(jest.getTimerCount()).toBe(0);
  },
);

it('tells nothing that was removed, whenever that was', () => {
  const deadlines = new Deadlines();
  const early = waiting(deadlines, 10_000);
  const late = waiting(deadlines, 10_000);
  const near = waiting(deadlines, 100);
  deadlines.remove(early.expiring);
  deadlines.remove(near.expiring);
  jest.advanceTimersByTime(9_999);
  deadlines.remove(late.expiring);
  jest.advanceTimersByTime(10_000);
  expect([early.told, late.told, near.told]).toEqual([[], [], []]);
});

it('has one timer for many that are far away', () => {
  const deadlines = new Deadlines();
  const many = Array.from({ length: 1_000 }, () => waiting(deadlines, 10_000));
  expect(jest.getTimerCount()).toBe(1);
  jest.advanceTimersByTime(10_000);
  for (const { told } of many) expect(told).toEqual([10_000]);
});

it('lets one that is told remove another', () => {
  const deadlines = new Deadlines();
  const other = waiting(deadlines, 50);
  const expiring: Expiring = {
    deadline: Date.now() + 50,
    expiry: undefined,
    expiryPlace: 0,
    onDeadline: () => deadlines.remove(last.expiring),
  };
  deadlines.add(expiring, 50);
  const last = waiting(deadlines, 50);
  jest.advanceTimersByTime(100);
  expect(other.told).toEqual([50]);
  expect(last.told).toEqual([]);
});

it('has no timer for what is further away than timers reach', () => {
  waiting(new Deadlines(), 2 ** 31);
  expect(jest.getTimerCount()).toBe(0);
});
