import {
  CheckoutDefinition,
  WatchOrderResponse,
} from '@trivium/contracts/shop/checkout/v1/checkout';
import {
  bind,
  createClient,
  createLogger,
  type Handlers,
  openChannel,
  startHost,
} from '@trivium/rpc';
import { lastValueFrom, map, toArray } from 'rxjs';
import { bytes, closeEngines, openEngine, textAny } from '../fixtures/open-engine.ts';
import { createEventStream, operationName, operationServices } from '../index.ts';

afterEach(closeEngines);

const notHere = () => {
  throw new Error('not here');
};
const otherHandlers = { quote: notHere, placeOrder: notHere, getOrder: notHere };

it('runs the example of the README', async () => {
  const { operations } = await openEngine({ order: async () => textAny('done') });

  const watch = createEventStream({
    operations,
    type: WatchOrderResponse,
    toResponse: ({ sequence, description }) => ({
      event: { sequence: BigInt(sequence), description },
    }),
  });
  const handlers: Handlers<typeof CheckoutDefinition> = {
    ...otherHandlers,
    watchOrder: ({ orderId, afterSequence }, call) =>
      watch(operationName(orderId), { after: Number(afterSequence), call }),
  };
  const services = [
    bind(CheckoutDefinition, handlers, { critical: ['watchOrder'] }),
    ...operationServices(operations),
  ];

  const log = createLogger({ name: 'readme', level: 'silent' });
  const host = await startHost({ address: '127.0.0.1:0', services, log });
  const channel = openChannel(host.address);
  const checkout = createClient(CheckoutDefinition, channel);
  const { id } = await operations.start({
    ...{ kind: 'order', requestId: 'r', request: bytes('') },
  });
  const seen = checkout.watchOrder({ orderId: id }).pipe(
    map(({ event }) => event?.sequence),
    toArray(),
  );
  expect(await lastValueFrom(seen)).toEqual([1n, 2n]);
  channel.close();
  await host.drain();
});
