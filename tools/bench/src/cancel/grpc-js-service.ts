import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { ServerUnaryCall, UntypedHandleCall, sendUnaryData } from '@grpc/grpc-js';
import { GetProductRequest, GetProductResponse } from '@trivium/contracts/shop/catalog/v1/catalog';
import { HELD, INNOCENT_MS } from './requests.ts';

// A raw grpc-js server, as strangers run them, which holds some calls for longer than anybody waits.
const getProduct = (
  { request }: ServerUnaryCall<GetProductRequest, GetProductResponse>,
  reply: sendUnaryData<GetProductResponse>,
) => {
  if (request.sku !== HELD) setTimeout(() => reply(null, GetProductResponse.create()), INNOCENT_MS);
};
const server = new Server();
server.register(
  '/shop.catalog.v1.Catalog/GetProduct',
  getProduct as UntypedHandleCall,
  (response: GetProductResponse) => Buffer.from(GetProductResponse.encode(response).finish()),
  (bytes) => GetProductRequest.decode(bytes),
  'unary',
);
process.on('disconnect', () => process.exit());
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.send?.(`127.0.0.1:${port}`);
});
