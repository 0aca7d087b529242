import type { BinaryWriter } from '@bufbuild/protobuf/wire';
import { GetProductRequest } from '@trivium/contracts/shop/catalog/v1/catalog';
import { QuoteRequest } from '@trivium/contracts/shop/checkout/v1/checkout';
import { GetStockRequest } from '@trivium/contracts/shop/inventory/v1/inventory';
import { AuthorizeRequest } from '@trivium/contracts/shop/payments/v1/payments';
import { StartRequest } from '@trivium/contracts/trivium/calls/v1/calls';
import { BadRequest } from '@trivium/contracts/google/rpc/error_details';
import { Code } from '../error/code.ts';
import { findDetail } from '../error/details.ts';
import type { RpcError } from '../error/rpc-error.ts';
import { statusMetadata } from '../error/status-metadata.ts';
import { createValidator } from './validator.ts';

const validator = createValidator();
const warm = [GetProductRequest, QuoteRequest, GetStockRequest, AuthorizeRequest, StartRequest];
beforeAll(() => validator.warmUp(warm.map(({ $type }) => $type)));

interface Message<T> {
  readonly $type: string;
  encode(message: T): BinaryWriter;
}

function check<T>(type: Message<T>, message: T): RpcError | undefined {
  return validator.check(type.$type, type.encode(message).finish());
}

function violationsOf(error: RpcError | undefined) {
  const found = error && findDetail(error, BadRequest)?.fieldViolations;
  return found?.map(({ field, description }) => `${field}: ${description}`);
}

it('lets a message that keeps all rules pass', () => {
  expect(check(GetProductRequest, { sku: 'MUG-1' })).toBeUndefined();
});

it('lists every broken rule with the path of its field and what would be right', () => {
  const error = check(
    QuoteRequest,
    QuoteRequest.fromPartial({
      lines: [
        { sku: 'MUG-1', quantity: 0 },
        { sku: 'mug', quantity: 1 },
      ],
    }),
  );
  expect(error).toMatchObject({
    code: Code.INVALID_ARGUMENT,
    message:
      'lines[0].quantity: must be greater than 0 and less than or equal to 1000 (and 2 more)',
  });
  expect(violationsOf(error)).toEqual([
    'lines[0].quantity: must be greater than 0 and less than or equal to 1000',
    'lines[1].sku: must match `^[A-Z0-9][A-Z0-9-]{1,39}$`',
    'destination: must be set',
  ]);
});

it('asks for exactly one field of a oneof', () => {
  const error = check(StartRequest, StartRequest.fromPartial({ requestId: 'r1' }));
  expect(violationsOf(error)).toEqual(['work: must have exactly one of its fields set']);
});

it('evaluates the rules that a contract states in CEL', () => {
  const line = { sku: 'MUG-1', quantity: 1 };
  const destination = { country: 'DE', postalCode: '10115' };
  const error = check(QuoteRequest, QuoteRequest.fromPartial({ lines: [line, line], destination }));
  expect(error?.message).toBe('lines: each sku may stand in one line only');
});

it('checks a field of a message type by its own rules', () => {
  const request = {
    paymentId: 'p1',
    accountId: 'a1',
    amount: { amountMinor: 100n, currency: 'eur' },
  };
  const error = check(AuthorizeRequest, AuthorizeRequest.fromPartial(request));
  expect(violationsOf(error)).toEqual(['amount.currency: must match `^[A-Z]{3}$`']);
});

it('lists no more violations than the trailer of a call can carry', () => {
  const error = check(GetStockRequest, { skus: Array.from({ length: 500 }, (_, i) => `bad ${i}`) });
  expect(error?.message).toMatch(/\(and 500 more\)$/);
  expect(violationsOf(error)?.length).toBeGreaterThan(20);
  expect(error && statusMetadata(error.toStatus()).get('grpc-status-details-bin')).toHaveLength(1);
});

it('lets types pass that are in no contract', () => {
  validator.warmUp(['example.v1.Unknown']);
  expect(validator.check('example.v1.Unknown', Buffer.from('anything'))).toBeUndefined();
});

it('refuses bytes that are no such message', () => {
  const error = validator.check(GetProductRequest.$type, Buffer.from([0x0a, 0x7f]));
  expect(error).toMatchObject({
    code: Code.INTERNAL,
    message: 'Not a shop.catalog.v1.GetProductRequest: it cannot be decoded',
  });
});

it('checks without being warmed up', () => {
  const bytes = GetProductRequest.encode({ sku: '' }).finish();
  expect(createValidator().check(GetProductRequest.$type, bytes)?.code).toBe(Code.INVALID_ARGUMENT);
});
