import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { UntypedHandleCall } from '@grpc/grpc-js';
import { largeResponse, smallResponse } from '../messages.ts';

/**
 * The one server that all gRPC clients are measured against: raw grpc-js, its responses encoded
 * beforehand, its requests not decoded, so that it is as little of a call as it can be. Resolves
 * with its port.
 */
export async function startGrpcJsServer(): Promise<number> {
  const server = new Server();
  const responses = {
    GetProduct: Buffer.from(smallResponse),
    ListProducts: Buffer.from(largeResponse),
  };
  for (const [name, response] of Object.entries(responses)) {
    const path = `/shop.catalog.v1.Catalog/${name}`;
    const handle: UntypedHandleCall = (
      _call: unknown,
      reply: (error: null, response: Buffer) => void,
    ) => reply(null, response);
    server.register(
      path,
      handle,
      (bytes) => bytes as Buffer,
      (bytes) => bytes,
      'unary',
    );
  }
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
}
