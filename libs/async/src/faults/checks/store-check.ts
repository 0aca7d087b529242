import type { OperationStore } from '../../store/operation-store.ts';
import type { Lease, StoredEnd } from '../../store/run-changes.ts';
import type { NewOperation, NewStoredEvent } from '../../store/stored.ts';
import type { StoreBench } from '../store-bench.ts';

/** Something that holds of every sound store. */
export interface StoreCheck {
  /** What holds, as a sentence. */
  readonly name: string;
  /** Throws CheckFailed where it does not hold. */
  run(bench: StoreBench): Promise<void>;
}

/** How long the leases of a check last, in milliseconds of the bench's clock. */
export const leaseMs = 1_000;

/** An event to write. */
export const event = (kind: string): NewStoredEvent => ({ kind, description: '', attempt: 1 });

/** The end of an operation. */
export const ended = (kind: string): StoredEnd => ({
  ...{ kind, description: '', response: Buffer.from('done') },
});

/** An operation to hand in. */
export const operation = (id: string, more: Partial<NewOperation> = {}): NewOperation => ({
  ...{ id, kind: 'work', requestId: `request-${id}`, request: Buffer.from('body') },
  event: event('ACCEPTED'),
  ...more,
});

/** Has an owner accept an operation, and returns its lease. */
export async function accept(store: OperationStore, id: string, owner = 'a'): Promise<Lease> {
  await store.renew({ owner, leaseMs });
  const acceptance = await store.accept(operation(id), { owner });
  if (acceptance.kind !== 'accepted' || !acceptance.lease) {
    throw new Error(`${id} was not accepted: ${acceptance.kind}`);
  }
  return acceptance.lease;
}

/** Has an owner take over what nobody holds, and returns the leases. */
export async function claim(store: OperationStore, owner: string): Promise<Lease[]> {
  await store.renew({ owner, leaseMs });
  const resumed = { kind: 'RESUMED', description: '' };
  const { claimed } = await store.claim({ owner, kinds: ['work'], limit: 100, event: resumed });
  return claimed.map(({ lease }) => lease);
}

/** The sequences of an operation's events after one, as the store returns them. */
export async function sequences(store: OperationStore, id: string, after = 0): Promise<number[]> {
  const page = await store.events(id, { after, limit: 1_000 });
  return page?.events.map(({ sequence }) => sequence) ?? [];
}

/** The kinds of an operation's events. */
export async function kinds(store: OperationStore, id: string): Promise<(number | string)[]> {
  const page = await store.events(id, { after: 0, limit: 1_000 });
  return page?.events.map(({ kind }) => kind) ?? [];
}

/** Lets everything happen that can without the outside world: more turns than any wrapper takes. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Whether a promise has settled by now. */
export async function hasSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const note = (): void => void (settled = true);
  promise.then(note, note);
  await settle();
  return settled;
}
