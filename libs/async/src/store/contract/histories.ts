import fc from 'fast-check';
import type { Lease } from '../run-changes.ts';
import { LeaseLost } from '../store-errors.ts';
import { operation, succeeded, told } from './store-spec.ts';
import type { StoreSpec } from './store-spec.ts';

const owners = ['ada', 'bob', 'eve'] as const;
const act = fc.oneof(
  fc.record({ do: fc.constant('claim' as const), owner: fc.nat({ max: 2 }) }),
  fc.record({ do: fc.constant('tell' as const), lease: fc.nat({ max: 9 }) }),
  fc.record({ do: fc.constant('finish' as const), lease: fc.nat({ max: 9 }) }),
  fc.record({ do: fc.constant('release' as const), lease: fc.nat({ max: 9 }) }),
  fc.record({ do: fc.constant('renew' as const), owner: fc.nat({ max: 2 }) }),
  fc.record({ do: fc.constant('leave' as const), owner: fc.nat({ max: 2 }) }),
  fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 12_000 }) }),
);

/** What may be known of one operation, without a store. */
interface Model {
  token: number;
  holder: string | undefined;
  hasEnded: boolean;
  events: number;
}

/** Whatever owners do, in whatever order: only the present lease writes, and no event is lost. */
export function describeHistories(spec: StoreSpec): void {
  it('lets the present lease write and no other, whatever happens in whatever order', async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 60 }), async (history) => {
        await liveThrough(spec, `history-${(runs += 1)}`, history);
      }),
      { numRuns: 40 },
    );
  });
}

type Act = typeof act extends fc.Arbitrary<infer A> ? A : never;

async function liveThrough(spec: StoreSpec, id: string, history: readonly Act[]): Promise<void> {
  const { store } = spec;
  const model: Model = { token: 0, holder: undefined, hasEnded: false, events: 1 };
  const leases: Lease[] = [];
  const expiries = new Map<string, number>();
  // A kind of its own: what other histories have left is not claimed.
  await store.accept(operation(id, { kind: id }), {});
  const isFree = (): boolean =>
    model.holder === undefined || (expiries.get(model.holder) ?? 0) <= spec.nowMs;

  for (const step of history) {
    const owner = 'owner' in step ? `${id}-${owners[step.owner]}` : '';
    const lease = 'lease' in step ? leases.at(step.lease % Math.max(1, leases.length)) : undefined;
    if (step.do === 'pass') spec.nowMs += step.ms;
    else if (step.do === 'renew') {
      expiries.set(owner, spec.nowMs + 10_000);
      await store.renew({ owner, leaseMs: 10_000 });
    } else if (step.do === 'leave') {
      expiries.delete(owner);
      if (model.holder === owner) model.holder = undefined;
      await store.leave(owner);
    } else if (step.do === 'claim') {
      if (!expiries.has(owner)) continue;
      const event = { kind: 'RESUMED', description: '' };
      // An owner does not take over from itself.
      const wasFree = isFree() && model.holder !== owner && !model.hasEnded;
      const { claimed } = await store.claim({ owner, kinds: [id], limit: 9, event });
      expect(claimed).toHaveLength(wasFree ? 1 : 0);
      if (!wasFree) continue;
      if (model.token > 0) model.events += 1;
      model.token += 1;
      model.holder = owner;
      expect(claimed[0]!.lease).toMatchObject({ owner, token: model.token });
      leases.push(claimed[0]!.lease);
    } else if (lease) {
      const isPresent =
        !model.hasEnded && lease.token === model.token && lease.owner === model.holder;
      if (step.do === 'release') {
        await store.release([lease]);
        if (isPresent) model.holder = undefined;
        continue;
      }
      const end = step.do === 'finish';
      const recorded = store.record(lease, end ? { end: succeeded() } : { events: [told] });
      if (!isPresent) {
        await expect(recorded).rejects.toBeInstanceOf(LeaseLost);
        continue;
      }
      model.events += 1;
      expect(await recorded).toMatchObject({ lastSequence: model.events });
      if (end) model.hasEnded = true;
    }
  }
  const page = (await store.events(id, { after: 0, limit: 1000 }))!;
  expect(page.events.map(({ sequence }) => sequence)).toEqual(
    Array.from({ length: model.events }, (_, index) => index + 1),
  );
  expect(page.ended).toBe(model.hasEnded);
  expect(page.events.filter(({ last }) => last)).toHaveLength(Number(model.hasEnded));
}
