import { BadRequest, ResourceInfo } from '@trivium/contracts/google/rpc/error_details';
import { HealthDefinition } from '@trivium/contracts/grpc/health/v1/health';
import { Code, RpcError, createClient, findDetail, openChannel } from '@trivium/rpc';
import { serviceNames } from '@trivium/shop';
import { basket, useShop } from './shop-fixture.ts';

const fixture = useShop();
const failure = async (call: Promise<unknown>): Promise<RpcError> => {
  const outcome = await call.catch((error: unknown) => error);
  if (outcome instanceof RpcError) return outcome;
  throw new Error(`Not refused: ${JSON.stringify(outcome)}`);
};
const fieldsOf = (error: RpcError) =>
  findDetail(error, BadRequest)?.fieldViolations.map(({ field }) => field);

// Whatever was sent before, every service goes on.
afterEach(async () => {
  for (const name of serviceNames) {
    const channel = openChannel(fixture.shop.service(name).address);
    const { status } = await createClient(HealthDefinition, channel).check(
      {},
      { waitForReady: true },
    );
    expect([name, status]).toEqual([name, 1]);
    channel.close();
  }
});

it('names the field that is missing', async () => {
  const error = await failure(fixture.clients.checkout.quote({ lines: basket.lines }));
  expect(error.code).toBe(Code.INVALID_ARGUMENT);
  expect(fieldsOf(error)).toEqual(['destination']);
});

it('names the quantity that is negative', async () => {
  const lines = [{ sku: 'MUG-STONE-01', quantity: -2 }];
  const error = await failure(
    fixture.clients.inventory.reserve({ reservationId: 'negative', lines }),
  );
  expect(error.code).toBe(Code.INVALID_ARGUMENT);
  expect(fieldsOf(error)).toEqual(['lines[0].quantity']);
});

it('names the SKU that is not known', async () => {
  const error = await failure(fixture.clients.catalog.getProduct({ sku: 'NO-SUCH-THING' }));
  expect(error.code).toBe(Code.NOT_FOUND);
  expect(findDetail(error, ResourceInfo)?.resourceName).toContain('NO-SUCH-THING');
});

it('refuses the page token of another query', async () => {
  const { catalog } = fixture.clients;
  const { nextPageToken } = await catalog.listProducts({ pageSize: 1, filter: 'mug' });
  const request = { pageSize: 1, pageToken: nextPageToken, filter: 'lamp' };
  const error = await failure(catalog.listProducts(request));
  expect(error.code).toBe(Code.INVALID_ARGUMENT);
  expect(fieldsOf(error)).toEqual(['page_token']);
});

it('refuses a message of 5 MB', async () => {
  const filter = 'x'.repeat(5 * 1024 * 1024);
  const error = await failure(fixture.clients.catalog.listProducts({ filter }));
  expect(error.code).toBe(Code.RESOURCE_EXHAUSTED);
});

it('names the currency that is not the account’s', async () => {
  const amount = { amountMinor: 100n, currency: 'USD' };
  const request = { paymentId: 'dollars', accountId: 'ada', amount };
  const error = await failure(fixture.clients.payments.authorize(request));
  expect(error.code).toBe(Code.INVALID_ARGUMENT);
  expect(fieldsOf(error)).toEqual(['amount.currency']);
});

it('says that a method is not implemented', async () => {
  const channel = openChannel(fixture.shop.service('catalog').address);
  const method = { ...HealthDefinition.methods.check, name: 'NoSuchMethod' };
  const definition = { ...HealthDefinition, methods: { noSuchMethod: method } } as const;
  const error = await failure(createClient(definition, channel).noSuchMethod({}));
  expect(error.code).toBe(Code.UNIMPLEMENTED);
  expect(error.message).toContain('NoSuchMethod');
  channel.close();
});

it('refuses an order whose carrier nobody knows', async () => {
  const { checkout } = fixture.clients;
  const request = {
    requestId: 'unknown-carrier',
    accountId: 'ada',
    carrierId: 'pigeon',
    ...basket,
  };
  const { metadata, name } = await checkout.placeOrder(request);
  expect(metadata).toBeDefined();
  const done = await fixture.clients.operations.waitOperation({
    name,
    timeout: { seconds: 10n, nanos: 0 },
  });
  expect(done.result).toMatchObject({ $case: 'error', value: { code: Code.NOT_FOUND } });
});
