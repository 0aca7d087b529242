import type { OperationStore } from '../store/operation-store.ts';
import type { Lease } from '../store/run-changes.ts';
import type { StoredEvent } from '../store/stored.ts';
import type { Plant } from './store-bench.ts';

/** A bug that is put into a sound store, to see whether the checks notice. */
export interface PlantedBug {
  /** What is wrong, as a sentence. */
  readonly name: string;
  readonly plant: Plant;
  /** A check that has to catch it, by a part of its name. */
  readonly caughtBy: RegExp;
}

const bug = (
  name: string,
  caughtBy: RegExp,
  wrong: (store: OperationStore) => Partial<OperationStore>,
): PlantedBug => ({ name, caughtBy, plant: (store) => ({ ...store, ...wrong(store) }) });

/** The bugs that a store can have. */
export const plantedBugs: readonly PlantedBug[] = [
  bug('an operation is acknowledged before the commit', /acknowledged only once/, (store) => ({
    async accept(operation, { owner }) {
      const committed = store.accept(operation, { owner });
      committed.catch(() => undefined);
      const more = { number: 1, attempt: 1, cancelRequested: false, lastSequence: 1 };
      return {
        kind: 'accepted',
        operation: { ...operation, ...more, createTimeMs: 0 },
        ...(owner !== undefined && { lease: { id: operation.id, number: 1, owner, token: 1 } }),
      };
    },
  })),

  bug('an event is shown before the commit', /event is shown only once/, (store) => {
    const uncommitted = new Map<string, StoredEvent[]>();
    return {
      async record(lease, changes) {
        const { lastSequence = 0 } = (await store.get(lease.id)) ?? {};
        const early = (changes.events ?? []).map((event, index) => ({
          ...event,
          ...{ sequence: lastSequence + 1 + index, timeMs: 0, last: false },
        }));
        uncommitted.set(lease.id, early);
        return store.record(lease, changes).finally(() => uncommitted.delete(lease.id));
      },
      async events(id, options) {
        const page = await store.events(id, options);
        return page && { ...page, events: [...page.events, ...(uncommitted.get(id) ?? [])] };
      },
    };
  }),

  bug('a commit is two', /all or nothing/, (store) => ({
    async record(lease, { events, ...changes }) {
      if (!changes.end || !events) return store.record(lease, { events, ...changes });
      await store.record(lease, { events });
      return store.record(lease, changes);
    },
  })),

  bug('a lease is not fenced', /writes nothing any more/, (store) => {
    return {
      async record(lease, changes) {
        return store.record(await presentLease(store, lease), changes);
      },
    };
  }),

  bug('a lease is taken from one who holds it', /nobody else’s to take/, (store) => {
    return {
      async claim(options) {
        for (const { owner } of await store.list({ filter: { done: false }, limit: 100 })) {
          if (owner && owner !== options.owner) await store.leave(owner);
        }
        return store.claim(options);
      },
    };
  }),

  bug('an owner is not told that its leases had run out', /told that its leases/, (store) => ({
    async renew(options) {
      await store.renew(options);
      return { hadExpired: false };
    },
  })),

  bug('a sequence repeats', /numbered 1 to n/, (store) => ({
    async events(id, options) {
      const page = await store.events(id, options);
      const repeated = (event: StoredEvent): StoredEvent => ({
        ...event,
        sequence: Math.min(event.sequence, 4),
      });
      return page && { ...page, events: page.events.map(repeated) };
    },
  })),

  bug('a cursor skips one', /very next event/, (store) => ({
    events: (id, { after, limit }) =>
      store.events(id, { after: after > 1 ? after + 1 : after, limit }),
  })),

  bug('the terminal event comes twice', /one terminal event/, (store) => ({
    async events(id, options) {
      const page = await store.events(id, options);
      const last = page?.events.at(-1);
      if (!page || !last?.last) return page;
      const again = { ...last, sequence: last.sequence + 1 };
      return { ...page, events: [...page.events, again], lastSequence: again.sequence };
    },
  })),

  bug('a request id is not checked for its body', /request id stands for/, (store) => ({
    async accept(operation, options) {
      const acceptance = await store.accept(operation, options);
      return acceptance.kind === 'request-id-reused'
        ? { ...acceptance, kind: 'known' }
        : acceptance;
    },
  })),

  bug('the outcome of a step is not recorded', /which steps began/, (store) => ({
    record: (lease, { steps, ...changes }) =>
      store.record(lease, {
        ...changes,
        ...(steps && { steps: steps.map(({ value: _value, error: _error, ...step }) => step) }),
      }),
  })),

  bug('the start of a step is not recorded', /which steps began/, (store) => ({
    record: (lease, { steps, ...changes }) =>
      store.record(lease, {
        ...changes,
        steps: steps?.filter(({ value, error }) => value !== undefined || error !== undefined),
      }),
  })),

  bug('a cancellation does not wake its owner', /cancellation reaches/, () => ({
    cancelRequested: async () => [],
  })),

  bug('retention removes what has not ended', /retention removes/, (store) => {
    let hasSwept = false;
    const isGone = async (id: string): Promise<boolean> =>
      hasSwept && (await store.get(id))?.endTimeMs === undefined;
    return {
      async sweep(options) {
        hasSwept = true;
        return store.sweep(options);
      },
      get: async (id) => ((await isGone(id)) ? undefined : store.get(id)),
      events: async (id, options) => ((await isGone(id)) ? undefined : store.events(id, options)),
    };
  }),
];

/** The lease that whoever holds the operation now would have. */
async function presentLease(store: OperationStore, lease: Lease): Promise<Lease> {
  const found = await store.get(lease.id);
  if (!found?.owner) return lease;
  return { ...lease, owner: found.owner, token: found.attempt };
}
