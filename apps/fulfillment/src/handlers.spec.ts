import { BadRequest, ErrorInfo, ResourceInfo } from '@trivium/contracts/google/rpc/error_details';
import { ShipmentState } from '@trivium/contracts/shop/fulfillment/v1/fulfillment';
import { Code, findDetail } from '@trivium/rpc';
import { failureOf } from '@trivium/testing';
import { anOrder, sequences, serveFulfillment, watch } from './spec/served-fulfillment.ts';
import type { FulfillmentClient, ServedFulfillment } from './spec/served-fulfillment.ts';
import { closeStageGates } from './spec/stage-gates.ts';
import type { StageGates } from './spec/stage-gates.ts';
import { temporaryFolder } from './spec/temporary-folder.ts';
import { trackingNumber } from './tracking-number.ts';

let temporary: ReturnType<typeof temporaryFolder>;
let gates: StageGates;
let served: ServedFulfillment;
let client: FulfillmentClient;

beforeEach(async () => {
  temporary = temporaryFolder();
  gates = closeStageGates();
  served = await serveFulfillment({ folder: temporary.folder, delay: gates.delay });
  ({ client } = served);
});

afterEach(async () => {
  await served.stop();
  temporary[Symbol.dispose]();
});

describe('Fulfill', () => {
  it('tells of each stage as it happens, and ends after the delivery', async () => {
    const shipment = watch(client, anOrder());
    for (const stage of [1, 2, 3, 4]) {
      await shipment.sees(stage);
      expect(sequences(shipment)).toHaveLength(stage);
      gates.open(stage);
    }
    expect(await shipment.ended).toBeUndefined();
    const time = expect.any(Date);
    const number = trackingNumber('order-1', 'ups');
    expect(shipment.seen).toEqual([
      { sequence: 1n, state: ShipmentState.SHIPMENT_STATE_ACCEPTED, time, description: 'Accepted' },
      {
        ...{ sequence: 2n, state: ShipmentState.SHIPMENT_STATE_PICKED, time },
        description: 'Taken from the shelves: 3 pieces',
      },
      {
        ...{ sequence: 3n, state: ShipmentState.SHIPMENT_STATE_PACKED, time },
        description: 'The box is closed',
      },
      {
        ...{ sequence: 4n, state: ShipmentState.SHIPMENT_STATE_HANDED_OVER, time },
        description: `Handed over to ups under ${number}`,
      },
      {
        ...{ sequence: 5n, state: ShipmentState.SHIPMENT_STATE_DELIVERED, time },
        description: 'Delivered to DE 10115',
      },
    ]);
  });

  it('shows the same events to all who ask for the same order, from where each of them asks', async () => {
    const watches = Array.from({ length: 60 }, (_, index) =>
      watch(client, anOrder({ afterSequence: BigInt(index % 6) })),
    );
    await watches[0]!.sees(1);
    gates.open();
    for (const [index, each] of watches.entries()) {
      expect(await each.ended).toBeUndefined();
      expect(sequences(each)).toEqual([1, 2, 3, 4, 5].slice(index % 6));
    }
  });

  it('goes on when its stream is dropped', async () => {
    const first = watch(client, anOrder());
    await first.sees(1);
    first.drop();
    gates.open();
    const second = watch(client, anOrder({ afterSequence: 1n }));
    expect(await second.ended).toBeUndefined();
    expect(sequences(second)).toEqual([2, 3, 4, 5]);
  });

  it.each([
    ['lines', { lines: [{ sku: 'MUG-STONE-01', quantity: 3 }] }],
    ['destination', { destination: { country: 'AT', postalCode: '1010' } }],
    ['carrier', { carrierId: 'dhl' }],
  ])('refuses another order of the same id: other %s', async (_, difference) => {
    const first = watch(client, anOrder());
    await first.sees(1);
    const error = (await watch(client, anOrder(difference)).ended)!;
    expect(error.code).toBe(Code.ALREADY_EXISTS);
    expect(findDetail(error, ErrorInfo)).toMatchObject({ reason: 'ORDER_ID_REUSED' });
    expect(findDetail(error, ResourceInfo)).toMatchObject({
      ...{ resourceType: 'shop.fulfillment.v1.Shipment', resourceName: 'order-1' },
    });
    gates.open();
    expect(await first.ended).toBeUndefined();
  });

  it('ends empty after the last sequence, and with OUT_OF_RANGE beyond it, once delivered', async () => {
    const early = watch(client, anOrder({ afterSequence: 7n }));
    const shipment = watch(client, anOrder());
    await shipment.sees(1);
    gates.open();
    await shipment.ended;

    const atEnd = watch(client, anOrder({ afterSequence: 5n }));
    expect(await atEnd.ended).toBeUndefined();
    expect(atEnd.seen).toEqual([]);

    const beyond = watch(client, anOrder({ afterSequence: 2n ** 63n - 1n }));
    for (const each of [early, beyond]) {
      const error = (await each.ended)!;
      expect(error.code).toBe(Code.OUT_OF_RANGE);
      expect(findDetail(error, ErrorInfo)).toMatchObject({ metadata: new Map([['last', '5']]) });
      expect(findDetail(error, BadRequest)?.fieldViolations).toMatchObject([
        { field: 'after_sequence' },
      ]);
      expect(each.seen).toEqual([]);
    }
  });

  it.each([
    ['order_id', { orderId: '' }],
    ['lines', { lines: [] }],
    ['lines[0].quantity', { lines: [{ sku: 'MUG-STONE-01', quantity: 0 }] }],
    ['lines[0].sku', { lines: [{ sku: 'mug', quantity: 1 }] }],
    ['destination', { destination: undefined }],
    ['destination.country', { destination: { country: 'Germany', postalCode: '10115' } }],
    ['carrier_id', { carrierId: '' }],
    ['after_sequence', { afterSequence: -1n }],
  ])('refuses a request whose %s is wrong', async (field, difference) => {
    const error = (await watch(client, anOrder(difference)).ended)!;
    expect(error.code).toBe(Code.INVALID_ARGUMENT);
    expect(findDetail(error, BadRequest)?.fieldViolations).toMatchObject([{ field }]);
  });
});

describe('GetShipment', () => {
  it('returns the shipment as it is now, with a tracking number from the hand-over on', async () => {
    const shipment = watch(client, anOrder());
    await shipment.sees(1);
    gates.open(2);
    await shipment.sees(3);
    const packed = await client.getShipment({ orderId: 'order-1' });
    const { lines, destination } = anOrder();
    expect(packed.shipment).toEqual({
      ...{ orderId: 'order-1', lines, destination, carrierId: 'ups', trackingNumber: '' },
      ...{ state: ShipmentState.SHIPMENT_STATE_PACKED, events: shipment.seen },
    });
    gates.open();
    await shipment.ended;
    const delivered = await client.getShipment({ orderId: 'order-1' });
    expect(delivered.shipment).toMatchObject({
      ...{ state: ShipmentState.SHIPMENT_STATE_DELIVERED, events: shipment.seen },
      trackingNumber: trackingNumber('order-1', 'ups'),
    });
  });

  it('knows no shipment of an order that nobody fulfills', async () => {
    const error = await failureOf(client.getShipment({ orderId: 'none' }));
    expect(error.code).toBe(Code.NOT_FOUND);
    expect(findDetail(error, ErrorInfo)).toMatchObject({ reason: 'UNKNOWN_SHIPMENT' });
    expect(findDetail(error, ResourceInfo)).toMatchObject({ resourceName: 'none' });
    const empty = await failureOf(client.getShipment({ orderId: '' }));
    expect(empty.code).toBe(Code.INVALID_ARGUMENT);
    expect(findDetail(empty, BadRequest)?.fieldViolations).toMatchObject([{ field: 'order_id' }]);
  });
});
