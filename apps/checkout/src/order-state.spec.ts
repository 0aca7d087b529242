import { Order, OrderState, PlaceOrderRequest } from '@trivium/contracts/shop/checkout/v1/checkout';
import type { OperationRecord } from '@trivium/async';
import { Code, packAny } from '@trivium/rpc';
import { orderMetadata, orderOf, placedOrder } from './order-state.ts';

const createTime = new Date('2026-01-02T03:04:05Z');
const request = PlaceOrderRequest.fromPartial({ accountId: 'ada', carrierId: 'postal' });
const placed = placedOrder('order-1', request, createTime);
const record = (more: Partial<OperationRecord>): OperationRecord => ({
  name: 'operations/order-1',
  id: 'order-1',
  kind: 'placeOrder',
  requestId: 'request-1',
  request: new Uint8Array(),
  attempt: 1,
  cancelRequested: false,
  lastSequence: 1,
  createTime,
  metadata: orderMetadata(placed),
  ...more,
});

it('is what the metadata says while the order is under way', () => {
  expect(orderOf(record({}))).toEqual(placed);
  expect(placed).toMatchObject({ orderId: 'order-1', state: OrderState.ORDER_STATE_PLACED });
});

it('is the response once the order is completed', () => {
  const completed = { ...placed, state: OrderState.ORDER_STATE_COMPLETED };
  const result = { $case: 'response', value: packAny(Order, completed) } as const;
  expect(orderOf(record({ result }))).toEqual(completed);
});

it('has the error once the order has failed, or was cancelled', () => {
  const ended = (code: Code) =>
    orderOf(record({ result: { $case: 'error', value: { code, message: 'No', details: [] } } }));
  expect(ended(Code.FAILED_PRECONDITION)).toMatchObject({
    state: OrderState.ORDER_STATE_FAILED,
    error: { message: 'No' },
  });
  expect(ended(Code.CANCELLED).state).toBe(OrderState.ORDER_STATE_CANCELLED);
});
