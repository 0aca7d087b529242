import { Code, codeName } from '../../error/code.ts';
import { httpError, trailersStatus } from './response-status.ts';

it.each([
  ['0', 'OK'],
  ['5', 'NOT_FOUND'],
  ['16', 'UNAUTHENTICATED'],
  ['17', 'UNKNOWN'],
  ['05', 'NOT_FOUND'],
  ['', 'UNKNOWN'],
  ['0x5', 'UNKNOWN'],
  ['5.0', 'UNKNOWN'],
  ['1e1', 'UNKNOWN'],
])('takes a grpc-status of %j for %s', (sent, code) => {
  expect(codeName(trailersStatus({ 'grpc-status': sent }, 200).code)).toBe(code);
});

it.each([
  ['not found', 'not found'],
  ['100%25 %23%2F %E2%82%AC', '100% #/ €'],
  ['%E0%A4%A', '%E0%A4%A'],
  ['50 % off', '50 % off'],
])('reads a grpc-message of %j as %j', (sent, details) => {
  const trailers = { 'grpc-status': '5', 'grpc-message': sent };
  expect(trailersStatus(trailers, 200).details).toBe(details);
});

it('keeps the other trailers, bytes with and without padding among them', () => {
  const { metadata } = trailersStatus(
    { 'grpc-status': '5', 'grpc-message': 'x', 'x-a': '1', 'x-b-bin': '+/8=', 'x-c-bin': '+/8' },
    200,
  );
  const bytes = Buffer.from([0xfb, 0xff]);
  expect(metadata.toJSON()).toEqual({ 'x-a': ['1'], 'x-b-bin': [bytes], 'x-c-bin': [bytes] });
});

it.each([
  [200, 'UNKNOWN'],
  [301, 'UNKNOWN'],
  [400, 'INTERNAL'],
  [401, 'UNAUTHENTICATED'],
  [403, 'PERMISSION_DENIED'],
  [404, 'UNIMPLEMENTED'],
  [429, 'UNAVAILABLE'],
  [500, 'UNKNOWN'],
  [502, 'UNAVAILABLE'],
  [503, 'UNAVAILABLE'],
  [504, 'UNAVAILABLE'],
])('takes HTTP %i without a status of gRPC for %s', (httpStatus, code) => {
  expect(codeName(httpError(httpStatus).code)).toBe(code);
  expect(trailersStatus({ 'x-a': '1' }, httpStatus)).toMatchObject({
    code: httpError(httpStatus).code,
    details: `The server answered with HTTP status ${httpStatus}`,
  });
});

it('leaves the metadata of a success out where nobody looks at it', () => {
  const trailers = { 'grpc-status': '0', 'x-a': '1' };
  expect(trailersStatus(trailers, 200).metadata.getMap()).toEqual({ 'x-a': '1' });
  expect(trailersStatus(trailers, 200, true)).toMatchObject({ code: Code.OK });
  const failure = { 'grpc-status': '8', 'grpc-retry-pushback-ms': '10' };
  expect(trailersStatus(failure, 200, true).metadata.getMap()).toEqual({
    'grpc-retry-pushback-ms': '10',
  });
});
