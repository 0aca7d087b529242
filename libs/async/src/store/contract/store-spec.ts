import type { OperationStore } from '../operation-store.ts';
import type { Lease } from '../run-changes.ts';
import type { NewOperation } from '../stored.ts';

/** A store under test, which a second process may open as well. */
export interface OpenedStore {
  readonly store: OperationStore;
  /** Another connection to the same store, as another process has. */
  another(): Promise<OperationStore>;
}

/** How to open a store of a kind, with the given time. */
export type OpenStore = (clock: () => number) => Promise<OpenedStore>;

/** A text as bytes. */
export const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
/** Bytes as a text. */
export const text = (given: Uint8Array | undefined): string => Buffer.from(given ?? []).toString();
/** An event of an operation. */
export const told = { kind: 'TOLD', description: 'Told', attempt: 1 };
/** The end of an operation. */
export const succeeded = (response = 'done') => ({
  ...{ kind: 'SUCCEEDED', description: 'Succeeded', response: bytes(response) },
});
const accepted = { kind: 'ACCEPTED', description: 'Accepted' };
const resumed = { kind: 'RESUMED', description: 'Resumed' };

/** An operation with this id to accept. */
export const operation = (id: string, more: Partial<NewOperation> = {}): NewOperation => ({
  ...{ id, kind: 'k', requestId: `r-${id}`, request: bytes(`request of ${id}`), event: accepted },
  ...more,
});

/** What the specs of one store share: a store that is new for each, with the owner `me`, and its time. */
export class StoreSpec {
  nowMs = 0;
  #opened: OpenedStore | undefined;

  /** Has each of the specs that follow begin with a store of its own. */
  constructor(open: OpenStore) {
    beforeEach(async () => {
      this.nowMs = 1_000_000;
      this.#opened = await open(() => this.nowMs);
      await this.store.renew({ owner: 'me', leaseMs: 10_000 });
    });
  }

  get store(): OperationStore {
    return this.#opened!.store;
  }

  another(): Promise<OperationStore> {
    return this.#opened!.another();
  }

  async accept(id: string, owner = 'me'): Promise<Lease> {
    const acceptance = await this.store.accept(operation(id), { owner });
    if (acceptance.kind !== 'accepted') throw new Error(acceptance.kind);
    return acceptance.lease!;
  }

  async claimFor(owner: string, limit = 100, on = this.store) {
    await on.renew({ owner, leaseMs: 10_000 });
    return (await on.claim({ owner, kinds: ['k'], limit, event: resumed })).claimed;
  }

  finish(lease: Lease, response = 'done', on = this.store) {
    return on.record(lease, { end: succeeded(response) });
  }

  async kinds(id: string): Promise<unknown[]> {
    return (await this.store.events(id, { after: 0, limit: 100 }))!.events.map(({ kind }) => kind);
  }
}
