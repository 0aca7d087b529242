import { must, mustEqual } from './must.ts';
import type { StoreCheck } from './store-check.ts';
import { accept, claim, event, leaseMs, operation, ended } from './store-check.ts';

const accepted: StoreCheck = {
  name: 'a request id stands for one request: the same again is known, another is refused',
  async run(bench) {
    const [store, other] = [await bench.open(), await bench.open()];
    await store.accept(operation('o'), {});
    const again = await other.accept(operation('p', { requestId: 'request-o' }), {});
    mustEqual(again.kind, 'known');
    mustEqual(again.operation.id, 'o');
    const reused = { requestId: 'request-o', request: Buffer.from('another body') };
    const refused = await other.accept(operation('q', reused), {});
    mustEqual(refused.kind, 'request-id-reused', 'another body passes for the same request');
    const sameId = await other.accept(operation('o', { requestId: 'request-r' }), {});
    mustEqual(sameId.kind, 'id-taken');
  },
};

const onceEach: StoreCheck = {
  name: 'of many who hand in the same at the same time one is accepted',
  async run(bench) {
    const stores = [await bench.open(), await bench.open()];
    const acceptances = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        stores[index % 2]!.accept(operation(`o${index}`, { requestId: 'one' }), {}),
      ),
    );
    mustEqual(acceptances.filter(({ kind }) => kind === 'accepted').length, 1);
    mustEqual(new Set(acceptances.map((each) => each.operation.id)).size, 1);
  },
};

const steps: StoreCheck = {
  name: 'who takes over knows which steps began and what came of them',
  async run(bench) {
    const [store, heir] = [await bench.open(), await bench.open()];
    const lease = await accept(store, 'o', 'gone');
    await store.record(lease, { steps: [{ id: 'one', attempt: 1, startTimeMs: 1 }] });
    await store.record(lease, {
      steps: [{ id: 'one', attempt: 1, startTimeMs: 1, value: Buffer.from('done') }],
      events: [event('ONE')],
    });
    await store.record(lease, { steps: [{ id: 'two', attempt: 1, startTimeMs: 2 }] });
    bench.pass(leaseMs + 1);
    await claim(heir, 'heir');
    const known = (await heir.steps('o')).map(
      ({ id, value }) => `${id} ${value ? Buffer.from(value).toString() : 'began'}`,
    );
    mustEqual(known, ['one done', 'two began']);
  },
};

const retained: StoreCheck = {
  name: 'retention removes what has ended, and nothing that has not',
  async run(bench) {
    const store = await bench.open();
    await accept(store, 'unfinished');
    const lease = await accept(store, 'ended');
    await store.record(lease, { end: ended('SUCCEEDED') });
    bench.pass(10);
    const later = await accept(store, 'ended later');
    bench.pass(10);
    await store.record(later, { end: ended('SUCCEEDED') });
    const first = (await store.get('ended'))?.endTimeMs ?? 0;
    while ((await store.sweep({ endedBeforeMs: first + 1, limit: 100 })) > 0);
    mustEqual(await store.get('ended'), undefined, 'what has ended stays');
    must(await store.get('ended later'), 'what ended later is gone');
    must(await store.get('unfinished'), 'what has not ended is gone');
    must(await store.events('unfinished', { after: 0, limit: 1 }), 'its events are gone');
    const listed = await store.list({ filter: {}, limit: 10 });
    mustEqual(listed.map(({ id }) => id).sort(), ['ended later', 'unfinished']);
    mustEqual(await store.remove('unfinished'), 'unfinished');
  },
};

/** What holds of operations and their steps. */
export const recordChecks: readonly StoreCheck[] = [accepted, onceEach, steps, retained];
