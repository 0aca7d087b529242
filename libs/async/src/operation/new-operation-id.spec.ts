import { newOperationId } from './new-operation-id.ts';

it('sorts by time', () => {
  const times = [0, 1, 1_700_000_000_000, 1_700_000_000_001, 2 ** 48 - 1];
  const ids = times.map(newOperationId);
  expect([...ids].sort()).toEqual(ids);
});

it('is another one each time', () => {
  const ids = Array.from({ length: 1000 }, () => newOperationId(1_700_000_000_000));
  expect(new Set(ids).size).toBe(1000);
});
