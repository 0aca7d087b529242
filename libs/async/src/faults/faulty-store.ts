import type { OperationStore } from '../store/operation-store.ts';
import { type StoreCall, type StorePoint, recordCall } from './store-points.ts';

/**
 * What happens at a point: nothing, a wait (a promise that settles later), a failure (it rejects), or the end of the
 * process.
 */
export type Strike = (point: StorePoint) => void | Promise<void>;

/**
 * A store that has something done to it at each point. A failure before a call keeps it from the store; one after it
 * leaves the caller without the answer to what was committed, as when a connection breaks.
 */
export function faultyStore(
  store: OperationStore,
  strike: Strike,
  /** Counts the calls that the store has been asked and has not answered. */
  underWay = { calls: 0 },
): OperationStore {
  const around = async <T>(call: StoreCall, make: () => Promise<T>): Promise<T> => {
    await strike(`before ${call}`);
    underWay.calls += 1;
    const answer = await make().finally(() => (underWay.calls -= 1));
    await strike(`after ${call}`);
    return answer;
  };
  return {
    accept: (operation, options) => around('accept', () => store.accept(operation, options)),
    claim: (options) => around('claim', () => store.claim(options)),
    renew: (options) => around('renew', () => store.renew(options)),
    release: (leases) => around('release', () => store.release(leases)),
    leave: (owner) => around('leave', () => store.leave(owner)),
    record: (lease, changes) => around(recordCall(changes), () => store.record(lease, changes)),
    requestCancel: (id) => around('requestCancel', () => store.requestCancel(id)),
    remove: (id) => around('remove', () => store.remove(id)),
    sweep: (options) => around('sweep', () => store.sweep(options)),
    get: (id) => around('get', () => store.get(id)),
    findByRequestId: (id) => around('findByRequestId', () => store.findByRequestId(id)),
    list: (options) => around('list', () => store.list(options)),
    events: (id, options) => around('events', () => store.events(id, options)),
    steps: (id) => around('steps', () => store.steps(id)),
    cancelRequested: (owner) => around('cancelRequested', () => store.cancelRequested(owner)),
    unfinished: () => around('unfinished', () => store.unfinished()),
    close: () => around('close', () => store.close()),
  };
}
