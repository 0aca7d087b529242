import { CatalogDefinition } from '@trivium/contracts/shop/catalog/v1/catalog';
import { Metadata, createChannel, createClient } from 'nice-grpc';
import { sku } from '../messages.ts';
import type { Peer } from '../peer.ts';

/** nice-grpc with a signal and metadata; its deadlines are a middleware, and another package. */
export function open(address: string): Peer {
  const channel = createChannel(address);
  const catalog = createClient(CatalogDefinition, channel);
  const metadata = new Metadata({ 'x-request-id': 'bench' });
  return {
    callSmall: (signal) => catalog.getProduct({ sku }, { signal, metadata }),
    callLarge: (signal) => catalog.listProducts({}, { signal, metadata }),
    close: () => channel.close(),
  };
}
