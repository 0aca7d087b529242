import { Server, ServerCredentials } from '@grpc/grpc-js';
import { GetProductRequest, GetProductResponse } from '@trivium/contracts/shop/catalog/v1/catalog';
import { workMs } from './work-ms.ts';

/** What the service has seen of one target since it was asked last. */
export interface Seen {
  readonly calls: number;
  /** The most calls that were in it at once. */
  readonly most: number;
}

// A service of two targets, `a` and `b`: raw grpc-js, and as little of a call as it can be. How long a
// call takes its sku says. Whoever asks is told what has been seen of each target since the last time.
const response = Buffer.from(
  GetProductResponse.encode(GetProductResponse.fromPartial({})).finish(),
);
const targets = new Map<string, { calls: number; inside: number; most: number }>();

const server = new Server();
server.register(
  '/shop.catalog.v1.Catalog/GetProduct',
  (
    { request: { sku } }: { request: GetProductRequest },
    reply: (error: null, value: Buffer) => void,
  ) => {
    const [target = '', work = ''] = sku.split(' ');
    let seen = targets.get(target);
    if (!seen) targets.set(target, (seen = { calls: 0, inside: 0, most: 0 }));
    const { calls, inside, most } = seen;
    Object.assign(seen, { calls: calls + 1, inside: inside + 1, most: Math.max(most, inside + 1) });
    setTimeout(() => {
      seen.inside -= 1;
      reply(null, response);
    }, workMs(work));
  },
  (bytes: Buffer) => bytes,
  (bytes: Buffer) => GetProductRequest.decode(bytes),
  'unary',
);
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.on('disconnect', () => process.exit());
  process.on('message', () => {
    const seen = Object.fromEntries(
      [...targets].map(([target, { calls, most }]) => [target, { calls, most }]),
    );
    targets.clear();
    process.send?.(seen);
  });
  process.send?.(`127.0.0.1:${port}`);
});
