import { deferred } from './deferred.ts';

it('settles when told to', async () => {
  const gate = deferred<number>();
  gate.resolve(3);
  await expect(gate.promise).resolves.toBe(3);
});
