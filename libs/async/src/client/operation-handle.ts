import type { Operation } from '@trivium/contracts/google/longrunning/operations';
import type { Any } from '@trivium/contracts/google/protobuf/any';
import { OperationDescription } from '@trivium/contracts/trivium/operations/v1/operation_log';
import { retry, type RetryOptions } from '@trivium/sync';
import type { Observable } from 'rxjs';
import type { OperationsClients, WatchedEvent, WatchOptions } from './operations-client.ts';
import { waitForResult } from './wait-for-result.ts';

/** How long to wait for an answer, retries included: 10 s by default. */
export type AskOptions = Pick<RetryOptions, 'timeoutMs' | 'signal'>;

/** How long to wait for the end of an operation: `Infinity` by default. */
export type ResultOptions = AskOptions;

/** One operation, as seen from another process. Whatever fails is an `RpcError`. */
export interface OperationHandle {
  readonly name: string;
  /**
   * The operation's response once it has ended, waited for through lost connections and restarts of
   * the server; rejects with the operation's error. When `timeoutMs` passes first it is
   * `DEADLINE_EXCEEDED` with the reason `STILL_RUNNING`, and with the signal `CANCELLED`; the
   * operation goes on in both cases.
   */
  result(options?: ResultOptions): Promise<Any>;
  /** Its events, through lost connections; see `OperationsClient.watch`. */
  events(options?: WatchOptions): Observable<WatchedEvent>;
  /** The operation as the standard has it (AIP-151). */
  get(options?: AskOptions): Promise<Operation>;
  /** How it came to where it is, and what it waits for. */
  describe(options?: AskOptions): Promise<OperationDescription>;
  /** Asks for its end by `CANCELLED`; it may as well end otherwise. */
  cancel(options?: AskOptions): Promise<void>;
  /** Removes it, if it has ended; else `FAILED_PRECONDITION`. Not repeated. */
  delete(options?: AskOptions): Promise<void>;
}

/** What handles are made from. */
export interface HandleOptions {
  readonly clients: OperationsClients;
  readonly watch: (name: string, options?: WatchOptions) => Observable<WatchedEvent>;
}

/** Creates the handle of one operation. */
export function createHandle(name: string, options: HandleOptions): OperationHandle {
  const { operations, operationLog } = options.clients;
  return {
    name,
    result: (limits) => waitForResult(operations, name, limits),
    events: (watching) => options.watch(name, watching),
    get: (limits) => retry((attempt) => operations.getOperation({ name }, attempt), limits),
    async describe(limits) {
      const ask = (attempt: AskOptions) => operationLog.describeOperation({ name }, attempt);
      const { operation } = await retry(ask, limits);
      return operation ?? OperationDescription.fromPartial({ name });
    },
    async cancel(limits) {
      await retry((attempt) => operations.cancelOperation({ name }, attempt), limits);
    },
    async delete(limits) {
      await operations.deleteOperation({ name }, limits);
    },
  };
}
