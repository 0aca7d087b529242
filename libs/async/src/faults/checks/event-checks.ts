import { mustEqual, mustReject } from './must.ts';
import { LeaseLost } from '../../store/store-errors.ts';
import type { StoreCheck } from './store-check.ts';
import { accept, event, sequences, ended } from './store-check.ts';

const numbered: StoreCheck = {
  name: 'events are numbered 1 to n, without gap or repeat',
  async run(bench) {
    const store = await bench.open();
    const lease = await accept(store, 'o');
    await store.record(lease, { events: [event('a'), event('b')] });
    const [, { lastSequence }] = await Promise.all([
      store.record(lease, { events: [event('c')] }),
      store.record(lease, { events: [event('d')] }),
    ]);
    mustEqual(lastSequence, 5);
    const page = await store.events('o', { after: 0, limit: 100 });
    mustEqual(
      page?.events.map(({ sequence, kind }) => `${sequence} ${kind}`),
      ['1 ACCEPTED', '2 a', '3 b', '4 c', '5 d'],
    );
    mustEqual(page?.lastSequence, 5);
  },
};

const resumable: StoreCheck = {
  name: 'a cursor is followed by the very next event, wherever it stands and however long the pages are',
  async run(bench) {
    const store = await bench.open();
    const lease = await accept(store, 'o');
    await store.record(lease, { events: ['a', 'b', 'c', 'd'].map(event) });
    const all = [1, 2, 3, 4, 5];
    for (const after of [0, ...all]) {
      mustEqual(await sequences(store, 'o', after), all.slice(after), `after ${after}`);
      const page = await store.events('o', { after, limit: 2 });
      const got = page?.events.map(({ sequence }) => sequence);
      mustEqual(got, all.slice(after, after + 2), `two after ${after}`);
    }
  },
};

const terminal: StoreCheck = {
  name: 'there is one terminal event, and nothing after it',
  async run(bench) {
    const store = await bench.open();
    const lease = await accept(store, 'o');
    const end = ended('SUCCEEDED');
    await store.record(lease, { end });
    await mustReject(store.record(lease, { end }), LeaseLost, 'ended twice');
    await mustReject(store.record(lease, { events: [event('LATE')] }), LeaseLost, 'went on');
    const page = await store.events('o', { after: 0, limit: 100 });
    const events = page?.events.map(({ sequence, kind, last }) => ({ sequence, kind, last }));
    mustEqual(events, [
      { sequence: 1, kind: 'ACCEPTED', last: false },
      { sequence: 2, kind: 'SUCCEEDED', last: true },
    ]);
    mustEqual(page?.ended, true);
  },
};

/** What holds of the events. */
export const eventChecks: readonly StoreCheck[] = [numbered, resumable, terminal];
