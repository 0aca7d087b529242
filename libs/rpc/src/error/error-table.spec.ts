import { Code } from './code.ts';
import { errorTable } from './error-table.ts';
import { RpcError } from './rpc-error.ts';

class OutOfStock extends Error {
  readonly sku: string;

  constructor(sku: string) {
    super(`${sku} is out of stock`);
    this.sku = sku;
  }
}
class Discontinued extends OutOfStock {}
class UnknownCarrier extends Error {}

const errors = errorTable([
  [Discontinued, ({ sku }) => new RpcError(Code.NOT_FOUND, `${sku} is gone`)],
  [OutOfStock, ({ sku }) => new RpcError(Code.FAILED_PRECONDITION, `No ${sku} left`)],
  [UnknownCarrier, ({ message }) => new RpcError(Code.INVALID_ARGUMENT, message)],
]);

it('maps a domain error by its class', () => {
  expect(errors(new OutOfStock('MUG-1'))).toMatchObject({
    code: Code.FAILED_PRECONDITION,
    message: 'No MUG-1 left',
  });
});

it('takes the first row that fits, so that a subclass may have its own', () => {
  expect(errors(new Discontinued('MUG-1'))?.code).toBe(Code.NOT_FOUND);
});

it('leaves what is in no row to others', () => {
  expect(errors(new Error('disk full'))).toBeUndefined();
  expect(errors('a string')).toBeUndefined();
});
