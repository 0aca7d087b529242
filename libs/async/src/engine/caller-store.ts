import type { Logger } from '@trivium/rpc';
import { storeDamaged, storeUnavailable } from '../operation/operation-errors.ts';
import type { OperationStore } from '../store/operation-store.ts';
import { StoreDamaged, StoreUnavailable } from '../store/store-errors.ts';

/** What callers ask of a store, but for new operations. It fails with an `RpcError`: `UNAVAILABLE` or `DATA_LOSS`. */
export type CallerStore = Pick<
  OperationStore,
  | 'requestCancel'
  | 'remove'
  | 'get'
  | 'findByRequestId'
  | 'list'
  | 'events'
  | 'steps'
  | 'unfinished'
>;

/** A store as callers see it: what goes wrong is told in the log, with its cause, and as a status. */
export function callerStore(store: OperationStore, log: Logger): CallerStore {
  const asked = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (error) {
      throw rpcErrorOf(error, log);
    }
  };
  return {
    requestCancel: (id) => asked(store.requestCancel(id)),
    remove: (id) => asked(store.remove(id)),
    get: (id) => asked(store.get(id)),
    findByRequestId: (requestId) => asked(store.findByRequestId(requestId)),
    list: (options) => asked(store.list(options)),
    events: (id, options) => asked(store.events(id, options)),
    steps: (id) => asked(store.steps(id)),
    unfinished: () => asked(store.unfinished()),
  };
}

/** What failed, as a status. */
export function rpcErrorOf(error: unknown, log: Logger): unknown {
  if (error instanceof StoreUnavailable) {
    log.error({ err: error }, 'the store of operations cannot be used');
    return storeUnavailable(error);
  }
  if (error instanceof StoreDamaged) {
    log.error({ err: error }, 'the store of operations is damaged: nothing of it is shown');
    return storeDamaged(error);
  }
  return error;
}
