import { createFixedLimit } from './fixed-limit.ts';

it('stays as it is', () => {
  const limit = createFixedLimit(3);
  limit.noteRefusal();
  limit.observe({ method: 'm', ms: 1_000, inFlight: 3, isAlone: false, isOneTurn: true });
  expect(limit.current).toBe(3);
  expect(limit.isSaturated).toBe(false);
  expect(limit.typicalMs('m')).toBeUndefined();
});

it('refuses a limit that is none', () => {
  expect(() => createFixedLimit(0)).toThrow(RangeError);
});
