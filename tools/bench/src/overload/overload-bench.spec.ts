import { recoveryMs } from './overload-bench.ts';

const at = (dueMs: number, code = 0) => ({ dueMs, latencyMs: 1, code });

it('knows when nearly all calls succeed again, for good', () => {
  expect(recoveryMs([at(10), at(600), at(1_200)])).toBe(0);
  expect(recoveryMs([at(10, 8), at(600), at(1_200)])).toBe(500);
  expect(recoveryMs([at(10, 8), at(600), at(1_200, 14), at(1_300), at(1_600)])).toBe(1_500);
});
