import type { Channel, ChannelOptions, ReadyOptions } from '@trivium/rpc';
import { Code, RpcError, closedError, closedStatus } from '@trivium/rpc';
import type { Addresses } from './addresses.ts';
import { observeAddresses } from './addresses.ts';
import { BalancedCall } from './balanced-call.ts';
import type { HealthOptions, ReplicaStatus } from './replica.ts';
import { ReplicaSet } from './replica-set.ts';

/** How a balanced channel behaves; every time in milliseconds. */
export interface BalancedChannelOptions extends ChannelOptions, Partial<HealthOptions> {
  /** What the channel's `address` says. Default: the addresses as they were when it was opened. */
  readonly name?: string;
  /** How often a name is looked up again. Default 10,000. */
  readonly dnsRefreshMs?: number;
  /** Told of each change of a replica's state, for example to log it. It must not throw. */
  readonly onReplicaChange?: (status: ReplicaStatus) => void;
}

const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Opens a channel to the replicas of a service, whose calls go to each in turn (round robin) of those
 * that answer and whose `grpc.health.v1.Health` says SERVING; see `Replica`.
 *
 * A call waits while no replica serves and one may soon. When all are out it fails with
 * `UNAVAILABLE` and a message that names each with its reason, or waits on if it was told to. It is
 * sent once: to make it again, elsewhere, is a matter of retries. Throws a TypeError for an empty
 * list, and for an address that is none.
 *
 * The watches of health keep connections, and so the process, alive until the channel is closed.
 */
export function openBalancedChannel(
  addresses: Addresses,
  options: BalancedChannelOptions = {},
): Channel {
  const { dnsRefreshMs: refreshMs, onReplicaChange = () => {} } = options;
  let name = options.name ?? (typeof addresses === 'string' ? addresses : undefined);
  let isClosed = false;
  const replicas = new ReplicaSet({
    channel: options,
    health: {
      healthService: options.healthService ?? '',
      ejectAfterFailures: options.ejectAfterFailures ?? 5,
      ejectionMs: options.ejectionMs ?? 5_000,
      probeTimeoutMs: options.probeTimeoutMs ?? 1_000,
    },
    onReplicaChange,
  });

  const subscription = isList(addresses) ? undefined : follow(addresses);
  if (isList(addresses)) open(addresses);

  function open(list: readonly string[]): void {
    if (list.length === 0) throw new TypeError('A list of no addresses');
    name ??= list.join(',');
    try {
      replicas.update(list);
    } catch (error) {
      replicas.close();
      throw error;
    }
  }

  function follow(source: Exclude<Addresses, readonly string[]>) {
    const fail = (error: unknown) => replicas.cannotFill(`its addresses are not known: ${error}`);
    const lists = observeAddresses(source, refreshMs === undefined ? {} : { refreshMs });
    return lists.subscribe({
      next(list) {
        name ??= list.join(',');
        try {
          replicas.update(list);
        } catch (error) {
          fail(error);
        }
      },
      error: fail,
    });
  }

  const address = () => name ?? 'replicas';

  async function ready({ timeoutMs = 10_000, signal }: ReadyOptions = {}): Promise<void> {
    if (!(timeoutMs >= 0)) throw new RangeError(`Not a timeout in ms: ${timeoutMs}`);
    if (signal?.aborted) throw abortError(signal);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const check = () => {
      if (isClosed) reject(closedError(address()));
      else if ('to' in replicas.pick()) resolve();
    };
    const timer = setTimeout(
      () => {
        const pick = replicas.pick();
        const reason = 'reason' in pick ? `: ${pick.reason}` : '';
        const message = `No connection to ${name} within ${timeoutMs} ms${reason}`;
        reject(new RpcError(Code.DEADLINE_EXCEEDED, message));
      },
      Math.min(timeoutMs, MAX_TIMER_MS),
    );
    const onAbort = () => reject(abortError(signal!));
    signal?.addEventListener('abort', onAbort);
    const remove = replicas.onChange(check);
    try {
      check();
      await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      remove();
    }
  }

  return {
    get address() {
      return address();
    },
    ready,
    close() {
      isClosed = true;
      subscription?.unsubscribe();
      replicas.close();
    },
    createCall(path, deadline) {
      if (isClosed) throw closedError(address());
      return new BalancedCall({
        path,
        deadline,
        pick: () => (isClosed ? { end: closedStatus(address()) } : replicas.pick()),
        onChange: (listener) => replicas.onChange(listener),
      });
    },
  };
}

function isList(addresses: Addresses): addresses is readonly string[] {
  return Array.isArray(addresses);
}

function abortError({ reason }: AbortSignal): RpcError {
  if (RpcError.from(reason).code === Code.DEADLINE_EXCEEDED) {
    return new RpcError(Code.DEADLINE_EXCEEDED, 'Deadline exceeded', { cause: reason });
  }
  return new RpcError(Code.CANCELLED, 'Cancelled', { cause: reason });
}
