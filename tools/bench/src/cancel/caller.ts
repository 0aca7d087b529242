import { Client, credentials } from '@grpc/grpc-js';
import {
  CatalogDefinition,
  GetProductRequest,
  GetProductResponse,
} from '@trivium/contracts/shop/catalog/v1/catalog';
import { type ChannelOptions, createClient, openChannel } from '@trivium/rpc';
import { answerMessages } from '../load/answer-messages.ts';
import { type Arrivals, openLoop } from '../load/open-loop.ts';
import { HELD, INNOCENT, PATIENCE_MS } from './requests.ts';

/** What the caller is asked: how many calls to break off, and how many to wait for, at the same time. */
export interface Leaving {
  readonly left: Arrivals;
  readonly innocent: Arrivals;
}

/** A call, which ends by itself, is cancelled or runs out of time. */
type Call = (sku: string, end?: 'cancelled' | 'expired') => Promise<unknown>;

// Calls the service at the address that is its first argument, by the client that is its second.
const [address = '', kind] = process.argv.slice(2);
const call =
  kind === 'grpc-js'
    ? callByGrpcJs()
    : await callByTrivium(kind === 'one' ? { connections: 1 } : {});

answerMessages(async ({ left, innocent }: Leaving) => {
  let made = 0;
  const [, waitedFor] = await Promise.all([
    openLoop(() => call(HELD, made++ % 2 === 0 ? 'cancelled' : 'expired'), left),
    openLoop(() => call(INNOCENT), innocent),
  ]);
  return waitedFor;
});

async function callByTrivium(options: ChannelOptions): Promise<Call> {
  const channel = openChannel(address, options);
  await channel.ready();
  const catalog = createClient(CatalogDefinition, channel);
  return (sku, end) => {
    if (end === 'expired') return catalog.getProduct({ sku }, { timeoutMs: PATIENCE_MS });
    if (!end) return catalog.getProduct({ sku });
    const leaving = new AbortController();
    setTimeout(() => leaving.abort(), PATIENCE_MS);
    return catalog.getProduct({ sku }, { signal: leaving.signal });
  };
}

function callByGrpcJs(): Call {
  const client = new Client(address, credentials.createInsecure());
  return (sku, end) =>
    new Promise((resolve, reject) => {
      const made = client.makeUnaryRequest(
        '/shop.catalog.v1.Catalog/GetProduct',
        (request: GetProductRequest) => Buffer.from(GetProductRequest.encode(request).finish()),
        (bytes) => GetProductResponse.decode(bytes),
        { sku },
        end === 'expired' ? { deadline: Date.now() + PATIENCE_MS } : {},
        (error, response) => (error ? reject(error) : resolve(response)),
      );
      if (end === 'cancelled') setTimeout(() => made.cancel(), PATIENCE_MS);
    });
}
