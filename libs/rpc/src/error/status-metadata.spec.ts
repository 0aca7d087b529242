import { Metadata } from '@grpc/grpc-js';
import { Status } from '@trivium/contracts/google/rpc/status';
import { badRequest } from './details.ts';
import { detailsOf, statusMetadata } from './status-metadata.ts';

const detail = badRequest([{ field: 'sku', description: 'must be set' }]);

it('carries details as a google.rpc.Status in grpc-status-details-bin', () => {
  const status = { code: 3, message: 'Bad sku', details: [detail] };
  const metadata = statusMetadata(status);
  expect(Status.decode(metadata.get('grpc-status-details-bin')[0] as Buffer)).toEqual(status);
  expect(detailsOf(3, metadata)).toEqual([detail]);
});

it('sends no trailer where there are no details', () => {
  expect(statusMetadata({ code: 5, message: 'No', details: [] }).getMap()).toEqual({});
});

it('leaves out what would make the trailer too large for a peer', () => {
  const huge = badRequest([{ field: 'sku', description: 'x'.repeat(5000) }]);
  const metadata = statusMetadata({ code: 3, message: '', details: [detail, huge] });
  expect(detailsOf(3, metadata)).toEqual([detail]);
  expect(statusMetadata({ code: 3, message: '', details: [huge] }).getMap()).toEqual({});
});

it('believes no details of another code than the call ended with', () => {
  expect(detailsOf(14, statusMetadata({ code: 3, message: '', details: [detail] }))).toEqual([]);
});

it('ignores a trailer that cannot be decoded', () => {
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', Buffer.from([0x1a, 0xff]));
  expect(detailsOf(0, metadata)).toEqual([]);
});
