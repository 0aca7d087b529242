import { createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { createClient } from '@connectrpc/connect';
import type { CallOptions } from '@connectrpc/connect';
import { Http2SessionManager, createGrpcTransport } from '@connectrpc/connect-node';
import { descriptorSetBase64 } from '@trivium/contracts';
import { sku } from '../messages.ts';
import type { Peer } from '../peer.ts';

/** Methods of a service that is known at run time alone. */
type Methods = Record<string, (request: object, options: CallOptions) => Promise<unknown>>;

/** Connect-Node with its gRPC transport: a timeout, a signal and headers are on. */
export function open(address: string): Peer {
  const descriptorSet = fromBinary(
    FileDescriptorSetSchema,
    Buffer.from(descriptorSetBase64, 'base64'),
  );
  const service = createFileRegistry(descriptorSet).getService('shop.catalog.v1.Catalog');
  if (!service) throw new Error('The contracts have no catalog');
  const baseUrl = `http://${address}`;
  const sessionManager = new Http2SessionManager(baseUrl);
  const catalog = createClient(service, createGrpcTransport({ baseUrl, sessionManager }));
  const { getProduct, listProducts } = catalog as unknown as Methods;
  if (!getProduct || !listProducts) throw new Error('The catalog has not the methods to call');
  const options = { timeoutMs: 10_000, headers: { 'x-request-id': 'bench' } };
  return {
    callSmall: (signal) => getProduct({ sku }, { ...options, signal }),
    callLarge: (signal) => listProducts({}, { ...options, signal }),
    close: () => sessionManager.abort(),
  };
}
