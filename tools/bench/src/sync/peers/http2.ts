import { connect } from 'node:http2';
import { once } from 'node:events';
import { GetProductRequest } from '@trivium/contracts/shop/catalog/v1/catalog';
import { frame, sku } from '../messages.ts';
import type { Peer } from '../peer.ts';

/**
 * Raw `node:http2` at both ends: the bytes of the same messages, but no gRPC, so no trailers, no
 * status and nothing decoded. No client on Node's http2 can be faster: the limit.
 */
export async function open(address: string): Promise<Peer> {
  const session = connect(`http://${address}`);
  await once(session, 'connect');
  const request = frame(GetProductRequest.encode({ sku }).finish());
  const post = (path: string) =>
    new Promise<number>((resolve, reject) => {
      let sizeBytes = 0;
      const stream = session.request({
        ':method': 'POST',
        ':path': path,
        'content-type': 'application/grpc',
        te: 'trailers',
      });
      stream.on('data', (chunk: Buffer) => (sizeBytes += chunk.length));
      stream.on('end', () => resolve(sizeBytes));
      stream.on('error', reject);
      stream.end(request);
    });
  return {
    callSmall: () => post('/shop.catalog.v1.Catalog/GetProduct'),
    callLarge: () => post('/shop.catalog.v1.Catalog/ListProducts'),
    close: () => session.destroy(),
  };
}
