import { setTimeout as sleep } from 'node:timers/promises';
import { PlaceOrderMetadata } from '@trivium/contracts/shop/checkout/v1/checkout';
import { Code, RpcError, codeName } from '@trivium/rpc';
import type { ShopClients } from '@trivium/shop';
import type { PlannedOrder } from '../plan/order-plan.ts';
import type { OrderRecord } from './order-record.ts';
import { faultCodes, untilAnswered } from './patience.ts';
import { type WatchOptions, watchToEnd } from './watch.ts';

/** What an order is sent with. */
export interface SendOptions {
  /** Whom to ask, in turn: more than one when there is more than one checkout. */
  readonly homes: readonly ShopClients[];
  readonly signal: AbortSignal;
  readonly onAcknowledged: () => void;
  readonly onEnded: () => void;
  readonly onEvent: NonNullable<WatchOptions['onEvent']>;
}

/**
 * Places an order, with as many callers as planned, and watches it to its end. Never rejects: what went wrong is in the
 * record. When the signal aborts, the record says how far it came.
 */
export async function sendOrder(planned: PlannedOrder, options: SendOptions): Promise<OrderRecord> {
  const { homes, signal, onAcknowledged, onEnded, onEvent } = options;
  const violations: string[] = [];
  const orderIds = await placeAll(planned, options, violations);
  const [orderId] = orderIds;
  if (orderId === undefined) return { planned, orderIds, violations, watches: [] };
  onAcknowledged();
  const [home, other = home] = homes.map(({ checkout }) => checkout);
  const watch = { checkout: home!, orderId, signal, onEvent };
  const cancelled = cancel(planned, orderId, options).catch((error: unknown) => {
    if (!signal.aborted) violations.push(`${orderId}: not cancelled: ${said(error)}`);
  });
  const watches = await Promise.all([
    watchToEnd(watch),
    ...(planned.leaveAfter
      ? [watchToEnd({ ...watch, checkout: other!, leaveAfter: planned.leaveAfter })]
      : []),
  ]);
  await cancelled;
  if (!signal.aborted) onEnded();
  return { planned, orderIds, violations, watches };
}

async function placeAll(
  planned: PlannedOrder,
  { homes, signal }: SendOptions,
  violations: string[],
): Promise<Set<string>> {
  const orderIds = new Set<string>();
  const { requestId } = planned.request;
  const copies = Array.from({ length: planned.copies }, async (_, copy) => {
    try {
      orderIds.add(await placeOnce(homes[copy % homes.length]!, planned.request, signal));
    } catch (error) {
      if (!signal.aborted) violations.push(`${requestId}: refused: ${said(error)}`);
    }
  });
  await Promise.all(copies);
  if (planned.isContested)
    violations.push(...(await contest(planned, { clients: homes.at(-1)!, signal })));
  return orderIds;
}

/** Places an order and repeats it until checkout has answered; returns the order's id. */
export async function placeOnce(
  { checkout }: ShopClients,
  request: PlannedOrder['request'],
  signal: AbortSignal,
): Promise<string> {
  const { metadata } = await untilAnswered(
    (options) => checkout.placeOrder(request, options),
    signal,
  );
  return PlaceOrderMetadata.decode(metadata?.value ?? new Uint8Array()).orderId;
}

/** Sends the same request id with another body, which has to be refused. */
export async function contest(
  { request }: PlannedOrder,
  { clients, signal }: { readonly clients: ShopClients; readonly signal: AbortSignal },
): Promise<string[]> {
  const other = { ...request, destination: { country: 'FR', postalCode: '75001' } };
  try {
    const orderId = await placeOnce(clients, other, signal);
    return [`${request.requestId}: with another body it was accepted too, as ${orderId}`];
  } catch (error) {
    const { code } = RpcError.from(error);
    if (code === Code.ALREADY_EXISTS || signal.aborted) return [];
    return [`${request.requestId}: with another body it was refused with ${codeName(code)}`];
  }
}

async function cancel(
  { cancelAfterMs }: PlannedOrder,
  orderId: string,
  { homes, signal }: SendOptions,
): Promise<void> {
  if (cancelAfterMs === undefined) return;
  await sleep(cancelAfterMs, undefined, { signal });
  const name = `operations/${orderId}`;
  // Asked of another checkout than the one that works on it, if there is one.
  const { operations } = homes[1] ?? homes[0]!;
  await untilAnswered((options) => operations.cancelOperation({ name }, options), signal);
}

function said(error: unknown): string {
  const { code, message } = RpcError.from(error);
  return `${codeName(code)}${faultCodes.has(code) ? ' for good' : ''}: ${message}`;
}
