import { LeaseLost } from '../store-errors.ts';
import { bytes, operation } from './store-spec.ts';
import type { StoreSpec } from './store-spec.ts';

/** How operations are cancelled, listed and removed. */
export function describeKeeping(spec: StoreSpec): void {
  describe('cancelling', () => {
    it('notes it, and tells the owner', async () => {
      await spec.accept('a');
      expect(await spec.store.cancelRequested('me')).toEqual([]);
      const other = await spec.another();
      expect(await other.requestCancel('a')).toMatchObject({ id: 'a', cancelRequested: true });
      expect(await spec.store.cancelRequested('me')).toEqual(['a']);
      expect(await spec.store.cancelRequested('other')).toEqual([]);
      expect(await spec.store.requestCancel('none')).toBeUndefined();
    });

    it('changes nothing in what has ended', async () => {
      await spec.finish(await spec.accept('a'));
      expect(await spec.store.requestCancel('a')).toMatchObject({ cancelRequested: false });
    });
  });

  describe('removing', () => {
    it('removes what has ended, frees its ids, and never gives its number again', async () => {
      const lease = await spec.accept('a');
      expect(await spec.store.remove('a')).toBe('unfinished');
      await spec.store.record(lease, {
        steps: [{ id: 's', attempt: 1, startTimeMs: 1, value: bytes('1') }],
      });
      await spec.finish(lease);
      expect(await spec.store.remove('a')).toBe('removed');
      expect(await spec.store.remove('a')).toBe('missing');
      expect(await spec.store.events('a', { after: 0, limit: 1 })).toBeUndefined();
      const again = await spec.accept('a');
      expect(again.number).toBeGreaterThan(lease.number);
      expect(await spec.store.steps('a')).toEqual([]);
      expect(await spec.kinds('a')).toEqual(['ACCEPTED']);
      await expect(spec.finish(lease)).rejects.toBeInstanceOf(LeaseLost);
    });

    it('sweeps away what ended before a time, a little at once, and nothing else', async () => {
      for (const id of ['a', 'b', 'c']) await spec.finish(await spec.accept(id));
      await spec.accept('running');
      spec.nowMs += 1000;
      await spec.finish(await spec.accept('late'));
      const removed: number[] = [];
      do removed.push(await spec.store.sweep({ endedBeforeMs: spec.nowMs, limit: 2 }));
      while (removed.at(-1)! > 0);
      expect(removed.length).toBeGreaterThan(4);
      const left = await spec.store.list({ filter: {}, limit: 9 });
      expect(left.map(({ id }) => id)).toEqual(['late', 'running']);
      expect(await spec.store.sweep({ endedBeforeMs: spec.nowMs, limit: 2 })).toBe(0);
    });
  });

  describe('listing', () => {
    it('lists the newest first, as many as are asked for, by what they are', async () => {
      for (const [index, id] of ['a', 'b', 'c', 'd'].entries()) {
        spec.nowMs = 1_000_000 + index;
        const kind = id === 'd' ? 'l' : 'k';
        const acceptance = await spec.store.accept(operation(id, { kind }), { owner: 'me' });
        if (id === 'b' && acceptance.kind === 'accepted') await spec.finish(acceptance.lease!);
      }
      const list = async (filter: object, more: { before?: number; limit?: number } = {}) =>
        (await spec.store.list({ filter, limit: 9, ...more })).map(({ id }) => id).join('');
      const numberOfC = (await spec.store.get('c'))!.number;
      expect(await list({})).toBe('dcba');
      expect(await list({}, { limit: 2 })).toBe('dc');
      expect(await list({}, { before: numberOfC })).toBe('ba');
      expect(await list({ done: true })).toBe('b');
      expect(await list({ done: false })).toBe('dca');
      expect(await list({ kind: 'l' })).toBe('d');
      expect(await list({ createdFromMs: 1_000_001, createdBeforeMs: 1_000_003 })).toBe('cb');
      expect(await list({ done: false, kind: 'k', createdFromMs: 1_000_001 })).toBe('c');
    });
  });
}
