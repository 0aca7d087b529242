import { must, mustEqual, mustReject } from './must.ts';
import { LeaseLost } from '../../store/store-errors.ts';
import type { StoreCheck } from './store-check.ts';
import { accept, claim, event, kinds, leaseMs } from './store-check.ts';

const fenced: StoreCheck = {
  name: 'who wakes after its lease ran out and was taken over writes nothing any more',
  async run(bench) {
    const [sleeper, heir] = [await bench.open(), await bench.open()];
    const stale = await accept(sleeper, 'o', 'sleeper');
    bench.pass(leaseMs + 1);
    const [taken] = await claim(heir, 'heir');
    must(taken?.id === 'o', 'what nobody holds any more is not taken over');
    must(taken.token > stale.token, 'the token does not grow');
    const changes = [
      { events: [event('STALE')] },
      { steps: [{ id: 's', attempt: 1, startTimeMs: 1, value: Buffer.from('stale') }] },
      { end: { kind: 'FAILED', description: '', error: Buffer.from('stale') } },
    ];
    for (const change of changes) {
      await mustReject(sleeper.record(stale, change), LeaseLost, 'a stale write was accepted');
    }
    mustEqual(await kinds(heir, 'o'), ['ACCEPTED', 'RESUMED']);
    mustEqual(await heir.steps('o'), []);
    await heir.record(taken, { events: [event('GOES ON')] });
  },
};

const exclusive: StoreCheck = {
  name: 'what somebody holds is nobody else’s to take',
  async run(bench) {
    const [owner, other] = [await bench.open(), await bench.open()];
    const lease = await accept(owner, 'o', 'owner');
    mustEqual(await claim(other, 'other'), [], 'taken from one who holds it');
    bench.pass(leaseMs - 1);
    await owner.renew({ owner: 'owner', leaseMs });
    bench.pass(leaseMs - 1);
    mustEqual(await claim(other, 'other'), [], 'taken although the lease was renewed');
    await owner.record(lease, { events: [event('GOES ON')] });
  },
};

const once: StoreCheck = {
  name: 'of two who take over at the same time one has it',
  async run(bench) {
    const stores = [await bench.open(), await bench.open(), await bench.open()];
    const first = stores[0]!;
    for (const id of ['o', 'p', 'q']) await accept(first, id, 'gone');
    await first.leave('gone');
    const taken = await Promise.all(stores.map((store, index) => claim(store, `heir-${index}`)));
    const ids = taken.flat().map(({ id }) => id);
    mustEqual(ids.sort(), ['o', 'p', 'q']);
  },
};

const told: StoreCheck = {
  name: 'an owner is told that its leases had run out',
  async run(bench) {
    const store = await bench.open();
    await accept(store, 'o', 'sleeper');
    mustEqual((await store.renew({ owner: 'sleeper', leaseMs })).hadExpired, false);
    bench.pass(leaseMs + 1);
    const renewal = await store.renew({ owner: 'sleeper', leaseMs });
    mustEqual(renewal.hadExpired, true, 'it is not told');
    mustEqual(
      renewal.held?.map(({ id }) => id),
      ['o'],
    );
  },
};

const cancelled: StoreCheck = {
  name: 'a cancellation reaches whoever holds the operation, and who takes it over',
  async run(bench) {
    const [owner, other] = [await bench.open(), await bench.open()];
    await accept(owner, 'o', 'owner');
    await other.requestCancel('o');
    mustEqual(await owner.cancelRequested('owner'), ['o'], 'its owner does not hear of it');
    await owner.leave('owner');
    await claim(other, 'heir');
    mustEqual(await other.cancelRequested('heir'), ['o'], 'its heir does not hear of it');
    mustEqual((await other.get('o'))?.cancelRequested, true);
  },
};

/** What holds of leases. */
export const leaseChecks: readonly StoreCheck[] = [fenced, exclusive, once, told, cancelled];
