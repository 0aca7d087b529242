import { LeaseLost } from '../store-errors.ts';
import { operation } from './store-spec.ts';
import type { StoreSpec } from './store-spec.ts';

/** Who may write to an operation. */
export function describeLeases(spec: StoreSpec): void {
  describe('leases', () => {
    it('gives what nobody holds to who claims it, oldest first, with a token that grows', async () => {
      for (const id of ['a', 'b', 'c']) await spec.store.accept(operation(id), {});
      const first = await spec.claimFor('me', 2);
      expect(first.map(({ lease }) => [lease.id, lease.token, lease.owner])).toEqual([
        ...[
          ['a', 1, 'me'],
          ['b', 1, 'me'],
        ],
      ]);
      expect(await spec.kinds('a')).toEqual(['ACCEPTED']);
      await spec.store.release([first[0]!.lease]);
      const second = await spec.claimFor('other');
      expect(second.map(({ lease }) => [lease.id, lease.token])).toEqual([
        ['a', 2],
        ['c', 1],
      ]);
      expect(second[0]!.operation).toMatchObject({ attempt: 2, lastSequence: 2, owner: 'other' });
      expect(await spec.kinds('a')).toEqual(['ACCEPTED', 'RESUMED']);
      expect(await spec.claimFor('third')).toEqual([]);
    });

    it('claims operations of the kinds that are asked for, and no others', async () => {
      await spec.store.accept(operation('a', { kind: 'old' }), {});
      expect(await spec.claimFor('me')).toEqual([]);
      expect(await spec.store.unfinished()).toEqual([{ kind: 'old', count: 1 }]);
    });

    it('refuses what comes with a lease that is not the present one', async () => {
      const stale = await spec.accept('a');
      await spec.store.release([stale]);
      await expect(spec.finish(stale)).rejects.toMatchObject({
        name: 'LeaseLost',
        id: 'a',
        token: 1,
      });
      const [claimed] = await spec.claimFor('me');
      await expect(spec.finish(stale)).rejects.toBeInstanceOf(LeaseLost);
      await expect(spec.finish({ ...claimed!.lease, owner: 'thief' })).rejects.toBeInstanceOf(
        LeaseLost,
      );
      await expect(spec.finish({ ...claimed!.lease, token: 3 })).rejects.toBeInstanceOf(LeaseLost);
      await spec.store.release([stale]);
      await spec.finish(claimed!.lease);
      expect(await spec.kinds('a')).toEqual(['ACCEPTED', 'RESUMED', 'SUCCEEDED']);
    });

    it('leaves an operation to its owner until the lease has run out, and then to anybody', async () => {
      const lease = await spec.accept('a');
      spec.nowMs += 9_999;
      expect(await spec.claimFor('other')).toEqual([]);
      await spec.store.renew({ owner: 'me', leaseMs: 10_000 });
      spec.nowMs += 9_999;
      expect(await spec.claimFor('other')).toEqual([]);
      expect((await spec.store.get('a'))!.owner).toBe('me');
      spec.nowMs += 1;
      expect((await spec.store.get('a'))!.owner).toBeUndefined();
      const claimed = await spec.claimFor('other', 9, await spec.another());
      expect(claimed.map(({ lease: { token } }) => token)).toEqual([2]);
      await expect(spec.finish(lease)).rejects.toBeInstanceOf(LeaseLost);
    });

    it('tells an owner that comes too late what it still has', async () => {
      const kept = await spec.accept('a');
      await spec.accept('b');
      spec.nowMs += 10_000;
      const others = await spec.claimFor('other', 1);
      expect(others.map(({ lease: { id } }) => id)).toEqual(['a']);
      expect(await spec.store.renew({ owner: 'me', leaseMs: 10_000 })).toMatchObject({
        hadExpired: true,
        held: [{ id: 'b', token: 1, owner: 'me' }],
      });
      expect(await spec.store.renew({ owner: 'me', leaseMs: 10_000 })).toEqual({
        hadExpired: false,
      });
      await expect(spec.finish(kept)).rejects.toBeInstanceOf(LeaseLost);
      expect(await spec.claimFor('other')).toEqual([]);
    });

    it('lets an owner that leaves be followed at once', async () => {
      const lease = await spec.accept('a');
      await spec.store.leave('me');
      await expect(spec.finish(lease)).rejects.toBeInstanceOf(LeaseLost);
      expect(await spec.claimFor('other')).toHaveLength(1);
    });

    it('gives each operation to one of many who claim at once', async () => {
      await Promise.all(
        Array.from({ length: 100 }, (_, index) => spec.store.accept(operation(`o${index}`), {})),
      );
      const other = await spec.another();
      const claims = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          spec.claimFor(`w${index}`, 15, index % 2 ? spec.store : other),
        ),
      );
      const ids = claims.flat().map(({ lease: { id } }) => id);
      expect([ids.length, new Set(ids).size]).toEqual([100, 100]);
    });
  });
}
