import { CatalogDefinition } from '@trivium/contracts/shop/catalog/v1/catalog';
import {
  type Addresses,
  type ReplicaStatus,
  createSyncClient,
  openBalancedChannel,
} from '@trivium/sync';
import { Subject, filter, firstValueFrom } from 'rxjs';
import type { Replica } from './replica.ts';

/** A client of the catalog's replicas. */
export interface BalancedCatalog {
  /** A call that is made again where it fails: GetProduct declares NO_SIDE_EFFECTS. */
  safeCall(): Promise<unknown>;
  /** The same call, as if it declared nothing. */
  unsafeCall(): Promise<unknown>;
  /** A call that has 0.4 seconds, and is not made again. */
  shortCall(): Promise<unknown>;
  /** A call that no traffic makes, so that replicas can tell it apart. */
  batchCall(): Promise<unknown>;
  /** Resolves when these replicas are in a state. */
  until(state: ReplicaStatus['state'], ...replicas: readonly Replica[]): Promise<void>;
  close(): void;
}

/** Opens a client that is as it is by default. */
export function openBalancedCatalog(addresses: Addresses): BalancedCatalog {
  const states = new Map<string, ReplicaStatus['state']>();
  const changes = new Subject<void>();
  const channel = openBalancedChannel(addresses, {
    onReplicaChange({ address, state }) {
      states.set(address, state);
      changes.next();
    },
  });
  const catalog = createSyncClient(CatalogDefinition, channel);
  const request = { sku: 'MUG-STONE-01' };
  return {
    safeCall: () => catalog.getProduct(request),
    unsafeCall: () => catalog.getProduct(request, { safeToRepeat: false }),
    shortCall: () => catalog.getProduct(request, { safeToRepeat: false, timeoutMs: 400 }),
    batchCall: () => catalog.batchGetProducts({ skus: [request.sku] }),
    async until(state, ...replicas) {
      const isSo = () => replicas.every(({ address }) => states.get(address) === state);
      if (!isSo()) await firstValueFrom(changes.pipe(filter(isSo)));
    },
    close: () => channel.close(),
  };
}
