import { OperationsDefinition } from '@trivium/contracts/google/longrunning/operations';
import { OperationEvent, OperationEventKind } from '@trivium/contracts/trivium/calls/v1/calls';
import {
  type DescribeOperationsResponse,
  OperationLogDefinition,
  type WatchOperationResponse,
} from '@trivium/contracts/trivium/operations/v1/operation_log';
import { type Channel, type Client, type ClientOptions, createClient } from '@trivium/rpc';
import { type RetryOptions, retry } from '@trivium/sync';
import { map, type Observable } from 'rxjs';
import { createHandle, type OperationHandle } from './operation-handle.ts';
import { type ReconnectOptions, resumable } from './resumable.ts';

/** The two services that a client of operations calls. */
export interface OperationsClients {
  readonly operations: Client<typeof OperationsDefinition>;
  readonly operationLog: Client<typeof OperationLogDefinition>;
}

/** Where to watch from, and how the watch goes on after a lost connection. */
export interface WatchOptions extends ReconnectOptions {
  /** The last sequence that was seen before; 0, the default, for all events. */
  readonly after?: number;
}

/** Which operations to list. */
export interface ListRequest {
  /** As `DescribeOperationsRequest.filter` has it; empty, the default, for all. */
  readonly filter?: string;
  /** The most operations to return; 0, the default, means 100. */
  readonly pageSize?: number;
  /** `nextPageToken` of the page before; empty for the first page. */
  readonly pageToken?: string;
}

/** The operations of one server, as seen from another process. Whatever fails is an `RpcError`. */
export interface OperationsClient {
  /** What can be asked of one operation. It makes no call, so the operation need not exist. */
  handle(name: string): OperationHandle;
  /** The operation's events, through lost connections and restarts of the server; see `resumable`. */
  watch(name: string, options?: WatchOptions): Observable<WatchedEvent>;
  /** A page of operations, newest first, each as it is now. */
  list(
    request?: ListRequest,
    options?: Pick<RetryOptions, 'timeoutMs' | 'signal'>,
  ): Promise<DescribeOperationsResponse>;
}

/** An event of an operation, as the contract has it. */
export interface WatchedEvent extends Omit<OperationEvent, 'sequence'> {
  /** The event's number within its operation: 1, 2, 3, …, without gaps. */
  readonly sequence: number;
  /** What the log calls it: a word of the engine, or the work's own. */
  readonly kindName: string;
  /** Whether it is the operation's last one. */
  readonly last: boolean;
}

/**
 * Creates a client of the operations of one server: from a channel to it, or from clients that are
 * there already. The options are those of the clients that it creates.
 *
 * Whatever is safe to repeat is repeated after `UNAVAILABLE`: all but `delete`.
 */
export function createOperationsClient(
  server: Channel | OperationsClients,
  options: ClientOptions = {},
): OperationsClient {
  const clients = 'createCall' in server ? clientsOf(server, options) : server;
  const watch = (name: string, { after, ...reconnect }: WatchOptions = {}) =>
    resumable((last) => watchOnce(clients, name, last), {
      ...reconnect,
      after,
      sequenceOf: ({ sequence }) => sequence,
      isLast: ({ last }) => last,
    });
  return {
    handle: (name) => createHandle(name, { clients, watch }),
    watch,
    list: (request = {}, limits) =>
      retry((attempt) => clients.operationLog.describeOperations(request, attempt), limits),
  };
}

function clientsOf(channel: Channel, options: ClientOptions): OperationsClients {
  return {
    operations: createClient(OperationsDefinition, channel, options),
    operationLog: createClient(OperationLogDefinition, channel, options),
  };
}

const lastKinds: ReadonlySet<OperationEventKind> = new Set([
  OperationEventKind.OPERATION_EVENT_KIND_SUCCEEDED,
  OperationEventKind.OPERATION_EVENT_KIND_FAILED,
  OperationEventKind.OPERATION_EVENT_KIND_CANCELLED,
]);

function watchOnce({ operationLog }: OperationsClients, name: string, after: number) {
  const responses = operationLog.watchOperation({ name, afterSequence: BigInt(after) });
  return responses.pipe(map(toWatchedEvent));
}

function toWatchedEvent({ event, kindName }: WatchOperationResponse): WatchedEvent {
  const { sequence, ...rest } = event ?? OperationEvent.fromPartial({});
  return { ...rest, sequence: Number(sequence), kindName, last: lastKinds.has(rest.kind) };
}
