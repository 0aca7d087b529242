import {
  BadRequest,
  ErrorInfo,
  PreconditionFailure,
  ResourceInfo,
} from '@trivium/contracts/google/rpc/error_details';
import {
  ShippingDefinition,
  type QuoteRateRequest,
} from '@trivium/contracts/shop/shipping/v1/shipping';
import { Code, findDetail, type Client } from '@trivium/rpc';
import { failureOf, serve, type Served } from '@trivium/testing';
import { errors } from './errors.ts';
import { createHandlers } from './handlers.ts';
import { createRateEngine, type RateEngine } from './rate-engine.ts';
import { tariffs } from './tariffs.ts';

const engine = createRateEngine({ tariffs, delaysMs: new Map([['stork', 600_000]]) });
const stork = { asked: Promise.withResolvers<void>(), ended: Promise.withResolvers<unknown>() };

/** The engine, telling when `stork` is asked and how the wait for it ends. */
const watched: RateEngine = {
  ...engine,
  quote: (request) => {
    const answer = engine.quote(request);
    if (request.carrierId === 'stork') {
      stork.asked.resolve();
      answer.catch(stork.ended.resolve);
    }
    return answer;
  },
};

let served: Served<typeof ShippingDefinition>;
let shipping: Client<typeof ShippingDefinition>;

beforeAll(async () => {
  served = await serve(ShippingDefinition, createHandlers(watched), { errors });
  shipping = served.client;
});

afterAll(() => served[Symbol.asyncDispose]());

const request = (changes: Partial<QuoteRateRequest> = {}): QuoteRateRequest => ({
  carrierId: 'postal',
  parcel: {
    weightGrams: 480,
    dimensions: { lengthMm: 140, widthMm: 115, heightMm: 110 },
  },
  destination: { country: 'DE', postalCode: '20457' },
  ...changes,
});

describe('ListCarriers', () => {
  it('lists every carrier by id, with where it delivers and what it takes', async () => {
    const { carriers } = await shipping.listCarriers({});
    expect(carriers.map(({ carrierId }) => carrierId)).toEqual(
      tariffs.map(({ carrierId }) => carrierId),
    );
    expect(carriers.find(({ carrierId }) => carrierId === 'postal')).toEqual({
      carrierId: 'postal',
      name: 'Hanse Post',
      countries: ['DE'],
      maxWeightGrams: 25_000,
      volumetricDivisor: 6_000,
    });
  });
});

describe('QuoteRate', () => {
  it('returns what the carrier asks, and what that follows from', async () => {
    const { rate } = await shipping.quoteRate(request());
    expect(rate).toEqual({
      carrierId: 'postal',
      price: { amountMinor: 444n, currency: 'EUR' },
      zone: 1,
      billedWeightGrams: 1_000,
      minDays: 1,
      maxDays: 2,
    });
  });

  it('is NOT_FOUND, with the id, for a carrier that is not known', async () => {
    const error = await failureOf(shipping.quoteRate(request({ carrierId: 'snail' })));
    expect(error.code).toBe(Code.NOT_FOUND);
    expect(findDetail(error, ResourceInfo)).toMatchObject({
      resourceType: 'shop.shipping.v1.Carrier',
      resourceName: 'snail',
    });
    expect(error.message).toContain('albatross, ox, postal, stork, swift');
  });

  it.each([
    ['NOT_SERVED', request({ destination: { country: 'JP', postalCode: '100-0001' } })],
    ['TOO_HEAVY', request({ parcel: { ...request().parcel!, weightGrams: 25_001 } })],
    [
      'TOO_LARGE',
      request({
        parcel: { weightGrams: 480, dimensions: { lengthMm: 1_201, widthMm: 10, heightMm: 10 } },
      }),
    ],
  ])('is FAILED_PRECONDITION with the reason %s', async (reason, refused) => {
    const error = await failureOf(shipping.quoteRate(refused));
    expect(error.code).toBe(Code.FAILED_PRECONDITION);
    expect(findDetail(error, ErrorInfo)).toMatchObject({
      reason,
      domain: 'shop.shipping.v1',
      metadata: new Map([['carrierId', 'postal']]),
    });
    expect(findDetail(error, PreconditionFailure)?.violations).toEqual([
      { type: reason, subject: 'carriers/postal', description: error.message },
    ]);
  });

  it('names every condition that does not hold', async () => {
    const parcel = {
      weightGrams: 28_000,
      dimensions: { lengthMm: 2_650, widthMm: 240, heightMm: 230 },
    };
    const error = await failureOf(shipping.quoteRate(request({ parcel })));
    const violations = findDetail(error, PreconditionFailure)?.violations;
    expect(violations?.map(({ type }) => type)).toEqual(['TOO_HEAVY', 'TOO_LARGE', 'TOO_LARGE']);
  });

  it.each([
    ['DE', '2045', '5 digits'],
    ['NL', '20457', '4 digits and 2 letters'],
  ])(
    'is INVALID_ARGUMENT, with the remedy, in %s for the postal code %j',
    async (country, postalCode, remedy) => {
      const error = await failureOf(
        shipping.quoteRate(request({ destination: { country, postalCode } })),
      );
      expect(error.code).toBe(Code.INVALID_ARGUMENT);
      expect(findDetail(error, BadRequest)?.fieldViolations).toMatchObject([
        { field: 'destination.postal_code', description: expect.stringContaining(remedy) },
      ]);
    },
  );

  it.each([
    ['carrier_id', request({ carrierId: '' })],
    ['parcel', request({ parcel: undefined })],
    ['parcel.dimensions', request({ parcel: { weightGrams: 1, dimensions: undefined } })],
    ['parcel.weight_grams', request({ parcel: { ...request().parcel!, weightGrams: 0 } })],
    ['destination', request({ destination: undefined })],
    ['destination.country', request({ destination: { country: 'de', postalCode: '20457' } })],
  ])('is INVALID_ARGUMENT without a valid %s', async (field, invalid) => {
    const error = await failureOf(shipping.quoteRate(invalid));
    expect(error.code).toBe(Code.INVALID_ARGUMENT);
    expect(findDetail(error, BadRequest)?.fieldViolations.map((one) => one.field)).toEqual([field]);
  });

  it('stops waiting for a slow carrier when the caller cancels', async () => {
    const caller = new AbortController();
    const call = failureOf(
      shipping.quoteRate(request({ carrierId: 'stork' }), { signal: caller.signal }),
    );
    await stork.asked.promise;
    caller.abort();
    expect((await call).code).toBe(Code.CANCELLED);
    await expect(stork.ended.promise).resolves.toMatchObject({ name: 'AbortError' });
  });
});
