import { join } from 'node:path';
import { openOperationStore } from '@trivium/async';
import { FulfillmentDefinition } from '@trivium/contracts/shop/fulfillment/v1/fulfillment';
import type {
  FulfillRequest,
  FulfillResponse,
  ShipmentEvent,
} from '@trivium/contracts/shop/fulfillment/v1/fulfillment';
import { createLogger, RpcError } from '@trivium/rpc';
import type { Client } from '@trivium/rpc';
import { serve } from '@trivium/testing';
import { errors } from '../errors.ts';
import type { Delay } from '../fulfillment-work.ts';
import { createHandlers } from '../handlers.ts';
import { openShipments } from '../shipments.ts';

/** The client of a fulfillment service. */
export type FulfillmentClient = Client<typeof FulfillmentDefinition>;

/** A fulfillment service behind a host of its own, and a client of it. */
export interface ServedFulfillment extends AsyncDisposable {
  readonly client: FulfillmentClient;
  /** Drains and closes the service, as the end of its process does. */
  stop(): Promise<void>;
}

/** Serves the shipments of a folder at any free port; each stage ends when `delay` says so. */
export async function serveFulfillment(options: {
  folder: string;
  delay: Delay;
}): Promise<ServedFulfillment> {
  const log = createLogger({ name: 'fulfillment', level: 'silent' });
  const store = await openOperationStore({ path: join(options.folder, 'shipments.db') });
  const shipments = await openShipments({ store, log, stageMs: 1, delay: options.delay });
  const served = await serve(FulfillmentDefinition, createHandlers(shipments), { errors });
  const close = async (): Promise<void> => {
    await served[Symbol.asyncDispose]();
    await shipments.close();
    await store.close();
  };
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= close());
  return { client: served.client, stop, [Symbol.asyncDispose]: stop };
}

/** An order of three pieces, or what differs from it. */
export function anOrder(differences: Partial<FulfillRequest> = {}): FulfillRequest {
  return {
    orderId: 'order-1',
    lines: [
      { sku: 'MUG-STONE-01', quantity: 2 },
      { sku: 'LAMP-BRASS-01', quantity: 1 },
    ],
    destination: { country: 'DE', postalCode: '10115' },
    carrierId: 'ups',
    afterSequence: 0n,
    ...differences,
  };
}

/** What a watcher has seen of a shipment so far, and how its stream ends. */
export interface Watch {
  readonly seen: ShipmentEvent[];
  /** Resolves once this sequence has been seen. */
  sees(sequence: number): Promise<void>;
  /** Resolves when the stream has ended, with the error if it ended with one. */
  readonly ended: Promise<RpcError | undefined>;
  /** Drops the stream. */
  drop(): void;
}

/** Watches the fulfillment of an order. */
export function watch(client: FulfillmentClient, request: FulfillRequest): Watch {
  const seen: ShipmentEvent[] = [];
  const waiting = new Map<number, () => void>();
  const ended = Promise.withResolvers<RpcError | undefined>();
  const subscription = client.fulfill(request).subscribe({
    next: ({ event }: FulfillResponse) => {
      seen.push(event!);
      waiting.get(Number(event!.sequence))?.();
    },
    error: (error: unknown) => ended.resolve(RpcError.from(error)),
    complete: () => ended.resolve(undefined),
  });
  return {
    seen,
    sees: (sequence) =>
      new Promise((resolve) => {
        if (seen.some((event) => Number(event.sequence) === sequence)) resolve();
        else waiting.set(sequence, resolve);
      }),
    ended: ended.promise,
    drop: () => subscription.unsubscribe(),
  };
}

/** The sequences that a watcher has seen. */
export function sequences({ seen }: Pick<Watch, 'seen'>): number[] {
  return seen.map(({ sequence }) => Number(sequence));
}
