import { CatalogDefinition } from '@trivium/contracts/shop/catalog/v1/catalog';
import type { CallOptions, ClientInterceptor } from '@trivium/rpc';
import { createClient, openChannel } from '@trivium/rpc';
import { createSyncClient } from '@trivium/sync';
import { sku } from '../messages.ts';
import type { PeerModule } from '../peer.ts';

type Catalog = ReturnType<typeof createClient<typeof CatalogDefinition>>;

/** Which features of a client are on. */
export interface FeatureOptions {
  /** The options of each call, made from its caller's signal. */
  readonly callOptions?: (signal: AbortSignal) => CallOptions;
  readonly interceptors?: () =>
    readonly ClientInterceptor[] | Promise<readonly ClientInterceptor[]>;
  /** The client of `@trivium/sync` in place of the one below it, as it is or with hedging on. */
  readonly sync?: 'retries' | 'hedging';
}

/** Ours on one connection, with these features on and no others. */
export const triviumWith = (features: FeatureOptions): PeerModule => ({
  async open(address) {
    const channel = openChannel(address, { connections: 1 });
    await channel.ready();
    const interceptors = (await features.interceptors?.()) ?? [];
    const catalog: Catalog = features.sync
      ? createSyncClient(CatalogDefinition, channel, {
          // So late that it never comes: what it costs to be ready for it.
          ...(features.sync === 'hedging' && { hedge: { delayMs: 5_000 } }),
        })
      : createClient(CatalogDefinition, channel, { interceptors });
    const { callOptions } = features;
    return {
      callSmall: callOptions
        ? (signal) => catalog.getProduct({ sku }, callOptions(signal))
        : () => catalog.getProduct({ sku }),
      close: () => channel.close(),
    };
  },
});
