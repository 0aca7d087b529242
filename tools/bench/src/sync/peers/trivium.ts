import { CatalogDefinition } from '@trivium/contracts/shop/catalog/v1/catalog';
import type { ChannelOptions } from '@trivium/rpc';
import { createClient, openChannel } from '@trivium/rpc';
import { sku } from '../messages.ts';
import type { PeerModule } from '../peer.ts';

/** Ours: a deadline, a signal, metadata and the mapping of errors are on. */
export const trivium = (channelOptions: ChannelOptions): PeerModule => ({
  async open(address) {
    const channel = openChannel(address, channelOptions);
    await channel.ready();
    const catalog = createClient(CatalogDefinition, channel);
    const metadata = { 'x-request-id': 'bench' };
    return {
      callSmall: (signal) => catalog.getProduct({ sku }, { timeoutMs: 10_000, signal, metadata }),
      callLarge: (signal) => catalog.listProducts({}, { timeoutMs: 10_000, signal, metadata }),
      close: () => channel.close(),
    };
  },
});
