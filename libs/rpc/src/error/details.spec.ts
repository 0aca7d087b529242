import {
  BadRequest,
  ErrorInfo,
  PreconditionFailure,
  ResourceInfo,
  RetryInfo,
} from '@trivium/contracts/google/rpc/error_details';
import { Code } from './code.ts';
import {
  badRequest,
  errorInfo,
  findDetail,
  preconditionFailure,
  resourceInfo,
  retryInfo,
} from './details.ts';
import { RpcError } from './rpc-error.ts';

it('finds each detail of an error by its generated type', () => {
  const violation = { type: 'STOCK', subject: 'sku/MUG-1', description: 'Only 2 are left.' };
  const resource = { resourceType: 'shop/Product', resourceName: 'MUG-1', description: 'Gone.' };
  const error = new RpcError(Code.FAILED_PRECONDITION, 'No', {
    details: [
      badRequest([{ field: 'lines[0].quantity', description: 'must be greater than 0' }]),
      preconditionFailure([violation]),
      errorInfo({ reason: 'OUT_OF_STOCK', domain: 'shop', metadata: { sku: 'MUG-1' } }),
      resourceInfo(resource),
      retryInfo(1500),
    ],
  });

  expect(findDetail(error, BadRequest)?.fieldViolations).toMatchObject([
    { field: 'lines[0].quantity', description: 'must be greater than 0' },
  ]);
  expect(findDetail(error, PreconditionFailure)).toEqual({ violations: [violation] });
  expect(findDetail(error, ErrorInfo)).toEqual({
    reason: 'OUT_OF_STOCK',
    domain: 'shop',
    metadata: new Map([['sku', 'MUG-1']]),
  });
  expect(findDetail(error, ResourceInfo)).toEqual({ ...resource, owner: '' });
  expect(findDetail(error, RetryInfo)?.retryDelay).toEqual({ seconds: 1n, nanos: 500_000_000 });
});

it('finds nothing where an error has no such detail, or one that cannot be decoded', () => {
  expect(findDetail(new RpcError(Code.ABORTED, ''), RetryInfo)).toBeUndefined();
  const broken = {
    typeUrl: 'type.googleapis.com/google.rpc.RetryInfo',
    value: Buffer.from([10, 9]),
  };
  const error = new RpcError(Code.ABORTED, '', { details: [broken] });
  expect(findDetail(error, RetryInfo)).toBeUndefined();
});

it('packs a detail as other languages do', () => {
  expect(retryInfo(1000)).toEqual({
    typeUrl: 'type.googleapis.com/google.rpc.RetryInfo',
    value: Buffer.from([0x0a, 0x02, 0x08, 0x01]),
  });
});
