import { LeaseLost } from '../store-errors.ts';
import { bytes, operation, succeeded, text } from './store-spec.ts';
import type { StoreSpec } from './store-spec.ts';

/** What is accepted and recorded, and how it is read again. */
export function describeRecording(spec: StoreSpec): void {
  describe('accepting', () => {
    it('keeps all that an operation is', async () => {
      const metadata = bytes('m');
      const more = { metadata, deadlineMs: 2_000_000, traceparent: '00-a-b-01' };
      await spec.store.accept(operation('a', more), { owner: 'me' });
      const kept = (await (await spec.another()).get('a'))!;
      expect(kept).toMatchObject({
        ...{ id: 'a', kind: 'k', requestId: 'r-a', deadlineMs: 2_000_000, owner: 'me' },
        ...{ traceparent: '00-a-b-01', attempt: 1, cancelRequested: false, lastSequence: 1 },
        createTimeMs: 1_000_000,
      });
      expect([text(kept.request), text(kept.metadata)]).toEqual(['request of a', 'm']);
      expect([kept.endTimeMs, kept.response, kept.error]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
      expect(await spec.store.findByRequestId('r-a')).toEqual(kept);
      expect(await spec.store.get('b')).toBeUndefined();
      expect(await spec.store.findByRequestId('a')).toBeUndefined();
    });

    it('gives what it keeps', async () => {
      const metadata = bytes('m');
      const given = operation('a', { metadata, deadlineMs: 5 });
      const acceptance = await spec.store.accept(given, { owner: 'me' });
      const kept = (await spec.store.get('a'))!;
      const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
      expect(plain(acceptance.operation)).toEqual(plain({ ...kept }));
    });

    it('knows a request id, and tells the same request from another', async () => {
      await spec.accept('a');
      const again = await spec.store.accept(
        operation('b', { requestId: 'r-a', request: bytes('request of a') }),
        {},
      );
      expect(again).toMatchObject({ kind: 'known', operation: { id: 'a' } });
      for (const other of [
        { request: bytes('x') },
        { request: bytes('request of a'), kind: 'l' },
      ]) {
        const reused = await spec.store.accept(operation('b', { requestId: 'r-a', ...other }), {});
        expect(reused).toMatchObject({ kind: 'request-id-reused', operation: { id: 'a' } });
      }
      const taken = await spec.store.accept(operation('a', { requestId: 'other' }), {});
      expect(taken).toMatchObject({ kind: 'id-taken', operation: { id: 'a' } });
      expect(await spec.store.get('b')).toBeUndefined();
      expect(await spec.store.unfinished()).toEqual([{ kind: 'k', count: 1 }]);
    });

    it('accepts 1,000 request ids, each asked for 50 times at once, as 1,000 operations', async () => {
      const other = await spec.another();
      const asked = Array.from({ length: 50_000 }, (_, index) => {
        const requestId = `r-${index % 1000}`;
        const given = operation(`op-${index}`, { requestId, request: bytes(requestId) });
        return (index % 2 ? spec.store : other).accept(given, { owner: 'me' });
      });
      const outcomes = await Promise.all(asked);
      expect(outcomes.filter(({ kind }) => kind === 'accepted')).toHaveLength(1000);
      const ids = new Map<string, Set<string>>();
      for (const {
        operation: { requestId, id },
      } of outcomes) {
        ids.set(requestId, (ids.get(requestId) ?? new Set()).add(id));
      }
      expect([ids.size, Math.max(...[...ids.values()].map(({ size }) => size))]).toEqual([1000, 1]);
      expect(await spec.store.unfinished()).toEqual([{ kind: 'k', count: 1000 }]);
    });
  });

  describe('recording', () => {
    it('numbers events from 1 on, one after the other, whoever asks at once', async () => {
      const lease = await spec.accept('a');
      const tell = (index: number) =>
        spec.store.record(lease, {
          events: [{ kind: index, description: `e${index}`, attempt: 1 }],
        });
      const sequences = await Promise.all(Array.from({ length: 200 }, (_, index) => tell(index)));
      expect(sequences.map(({ lastSequence }) => lastSequence)).toEqual(
        Array.from({ length: 200 }, (_, index) => index + 2),
      );
      const page = (await spec.store.events('a', { after: 10, limit: 5 }))!;
      expect(page.events.map(({ sequence, kind }) => [sequence, kind])).toEqual([
        ...[
          [11, 9],
          [12, 10],
          [13, 11],
          [14, 12],
          [15, 13],
        ],
      ]);
      expect(page).toMatchObject({ lastSequence: 201, ended: false });
      expect(await spec.store.events('b', { after: 0, limit: 5 })).toBeUndefined();
    });

    it('keeps an event with all that it tells', async () => {
      const lease = await spec.accept('a');
      spec.nowMs += 5;
      const told = {
        kind: 'K',
        description: 'ü',
        attempt: 1,
        payload: bytes('p'),
        error: bytes('e'),
      };
      await spec.store.record(lease, { events: [told], metadata: bytes('m2') });
      const [event] = (await spec.store.events('a', { after: 1, limit: 5 }))!.events;
      expect(event).toMatchObject({
        sequence: 2,
        kind: 'K',
        description: 'ü',
        attempt: 1,
        timeMs: 1_000_005,
        last: false,
      });
      expect([text(event!.payload), text(event!.error)]).toEqual(['p', 'e']);
      expect(text((await spec.store.get('a'))!.metadata)).toBe('m2');
    });

    it('keeps steps in the order in which they began, each as it was recorded last', async () => {
      const lease = await spec.accept('a');
      await spec.store.record(lease, {
        steps: [{ id: 'z', attempt: 1, startTimeMs: 1, description: 'd' }],
      });
      await spec.store.record(lease, {
        steps: [
          { id: 'b', attempt: 1, startTimeMs: 2, value: bytes('') },
          { id: 'z', attempt: 2, startTimeMs: 3, error: bytes('no') },
        ],
      });
      const steps = await spec.store.steps('a');
      expect(steps).toMatchObject([
        { id: 'z', attempt: 2, startTimeMs: 3, value: undefined },
        { id: 'b', attempt: 1, startTimeMs: 2, error: undefined },
      ]);
      expect([text(steps[0]!.error), steps[1]!.value?.length]).toEqual(['no', 0]);
      expect(await spec.store.steps('none')).toEqual([]);
    });

    it('ends an operation with its last event, and takes nothing after that', async () => {
      const lease = await spec.accept('a');
      spec.nowMs += 1000;
      await spec.finish(lease, 'fine');
      expect(await spec.store.get('a')).toMatchObject({
        endTimeMs: 1_001_000,
        lastSequence: 2,
        owner: undefined,
      });
      expect(text((await spec.store.get('a'))!.response)).toBe('fine');
      const page = (await spec.store.events('a', { after: 0, limit: 9 }))!;
      expect(page.events).toMatchObject([
        { sequence: 1, kind: 'ACCEPTED', attempt: 0, timeMs: 1_000_000, last: false },
        { sequence: 2, kind: 'SUCCEEDED', attempt: 1, timeMs: 1_001_000, last: true },
      ]);
      expect(text(page.events[1]!.payload)).toBe('fine');
      expect(page.ended).toBe(true);
      await expect(spec.finish(lease, 'again')).rejects.toBeInstanceOf(LeaseLost);
      expect(await spec.kinds('a')).toEqual(['ACCEPTED', 'SUCCEEDED']);
      expect(await spec.store.unfinished()).toEqual([]);
      expect(await spec.claimFor('other')).toEqual([]);
    });

    it('gives pages of any size from any place, the first and the last event included', async () => {
      const lease = await spec.accept('a');
      const events = [1, 2, 3].map((kind) => ({ kind, description: '', attempt: 1 }));
      await spec.store.record(lease, { events: events.slice(0, 1) });
      await spec.store.record(lease, { events: events.slice(1), end: succeeded() });
      const all = ['ACCEPTED', 1, 2, 3, 'SUCCEEDED'];
      for (let after = 0; after <= 5; after++) {
        for (let limit = 1; limit <= 6; limit++) {
          const page = (await spec.store.events('a', { after, limit }))!;
          expect(page.events.map(({ kind }) => kind)).toEqual(all.slice(after, after + limit));
          expect(page).toMatchObject({ lastSequence: 5, ended: true });
        }
      }
    });

    it('ends an operation with an error', async () => {
      const lease = await spec.accept('a');
      await spec.store.record(lease, {
        end: { kind: 'FAILED', description: 'bad', error: bytes('bad') },
      });
      const kept = (await spec.store.get('a'))!;
      expect([text(kept.error), kept.response]).toEqual(['bad', undefined]);
      const { events } = (await spec.store.events('a', { after: 1, limit: 9 }))!;
      expect(events).toMatchObject([{ kind: 'FAILED', description: 'bad', last: true }]);
      expect([text(events[0]!.error), events[0]!.payload]).toEqual(['bad', undefined]);
    });
  });
}
