import { must, mustEqual } from './must.ts';
import type { StoreCheck } from './store-check.ts';
import { accept, event, hasSettled, operation, sequences, ended } from './store-check.ts';

const acknowledged: StoreCheck = {
  name: 'an operation is acknowledged only once it is on disk',
  async run(bench) {
    const [store, other] = [await bench.open(), await bench.open()];
    const goOn = bench.hold('before accept');
    const accepted = store.accept(operation('o'), {});
    mustEqual(await hasSettled(accepted), false, 'acknowledged while its write was held up');
    goOn();
    mustEqual((await accepted).kind, 'accepted');
    must(await other.get('o'), 'acknowledged, and nobody else finds it');
  },
};

const shown: StoreCheck = {
  name: 'an event is shown only once it is on disk',
  async run(bench) {
    const store = await bench.open();
    const lease = await accept(store, 'o');
    const goOn = bench.hold('before record event');
    const recorded = store.record(lease, { events: [event('PROGRESS')] });
    mustEqual(await hasSettled(recorded), false, 'recorded while its write was held up');
    mustEqual(await sequences(store, 'o'), [1], 'shown while its write was held up');
    goOn();
    mustEqual((await recorded).lastSequence, 2);
    mustEqual(await sequences(await bench.open(), 'o'), [1, 2]);
  },
};

const whole: StoreCheck = {
  name: 'a commit is all or nothing: no event of the end without the end',
  async run(bench) {
    const store = await bench.open();
    const lease = await accept(store, 'o');
    const goOn = bench.hold('before record result');
    const recorded = store.record(lease, {
      events: [event('ALMOST')],
      end: ended('SUCCEEDED'),
    });
    mustEqual(await hasSettled(recorded), false, 'recorded while its write was held up');
    // Writes take effect in their order: whatever of it was written before this is there after it.
    await store.accept(operation('later'), {});
    mustEqual(await sequences(store, 'o'), [1], 'half of it is there');
    goOn();
    await recorded;
    const page = await store.events('o', { after: 0, limit: 10 });
    mustEqual(page?.ended, true);
    must((await store.get('o'))?.endTimeMs, 'the end is not there');
  },
};

const kept: StoreCheck = {
  name: 'everything is there when the file is opened again',
  async run(bench) {
    const store = await bench.open();
    const lease = await accept(store, 'o');
    await store.record(lease, {
      events: [event('PROGRESS')],
      steps: [{ id: 's', attempt: 1, startTimeMs: 1, value: Buffer.from('v') }],
      metadata: Buffer.from('m'),
    });
    await store.close();
    const again = await bench.open();
    const found = await again.get('o');
    mustEqual(Buffer.from(found?.metadata ?? []).toString(), 'm');
    mustEqual(Buffer.from(found?.request ?? []).toString(), 'body');
    mustEqual(await sequences(again, 'o'), [1, 2]);
    mustEqual((await again.steps('o'))[0]?.id, 's');
  },
};

/** What holds of what is on disk. */
export const durabilityChecks: readonly StoreCheck[] = [acknowledged, shown, whole, kept];
