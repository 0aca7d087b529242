import { durationFromMs, durationToMs } from './duration.ts';

describe('a duration', () => {
  it.each([0, 1, 999, 1000, 1500, 0.5, -1, -1500, 86_400_000, 315_576_000_000_000])(
    'of %p ms is the same after there and back',
    (ms) => {
      expect(durationToMs(durationFromMs(ms))).toBe(ms);
    },
  );

  it('has nanoseconds of the same sign as its seconds', () => {
    expect(durationFromMs(1500)).toEqual({ seconds: 1n, nanos: 500_000_000 });
    expect(durationFromMs(-1500)).toEqual({ seconds: -1n, nanos: -500_000_000 });
  });

  it('carries what rounds up to a second over into the seconds', () => {
    expect(durationFromMs(1999.9999999)).toEqual({ seconds: 2n, nanos: 0 });
  });

  it.each([NaN, Infinity, -Infinity, 315_576_000_001_000])('is not made of %p ms', (ms) => {
    expect(() => durationFromMs(ms)).toThrow(new RangeError(`Not a duration in ms: ${ms}`));
  });
});
