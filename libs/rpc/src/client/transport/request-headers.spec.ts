import { Metadata } from '@grpc/grpc-js';
import { requestHeaders } from './request-headers.ts';

/** The headers of a call with this time and metadata, by their names. */
function sent(remainingMs: number, metadata = new Metadata()): Map<string, string[]> {
  const call = { scheme: 'http', authority: 'host:1', path: '/a.B/C', remainingMs, metadata };
  const headers = requestHeaders(call);
  const byName = new Map<string, string[]>();
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index]!;
    byName.set(name, [...(byName.get(name) ?? []), headers[index + 1]!]);
  }
  return byName;
}

it('says what the protocol asks for', () => {
  expect(Object.fromEntries(sent(Infinity))).toEqual({
    ':method': ['POST'],
    ':scheme': ['http'],
    ':authority': ['host:1'],
    ':path': ['/a.B/C'],
    te: ['trailers'],
    'content-type': ['application/grpc'],
    'user-agent': [expect.stringMatching(/^grpc-node-/)],
    'grpc-accept-encoding': ['identity,deflate,gzip'],
  });
});

it.each([
  [1, '1m'],
  [0.2, '1m'],
  [10_000, '10000m'],
  [86_400_000, '86400000m'],
  [99_999_999, '99999999m'],
  [100_000_000, '100000S'],
  [2 ** 53, '99999999S'],
])('gives a call of %d ms the timeout %s', (remainingMs, timeout) => {
  expect(sent(remainingMs).get('grpc-timeout')).toEqual([timeout]);
});

it('sends each value of the metadata, and bytes as base64', () => {
  const metadata = new Metadata();
  metadata.add('x-tenant', 'one');
  metadata.add('x-tenant', 'two');
  metadata.set('x-trace-bin', Buffer.from([0xfb, 0xff]));
  const headers = sent(1, metadata);
  expect(headers.get('x-tenant')).toEqual(['one', 'two']);
  expect(headers.get('x-trace-bin')).toEqual(['+/8=']);
});

it('does not let metadata say what is for the protocol to say', () => {
  const metadata = new Metadata();
  const reserved = ['te', 'content-type', 'user-agent', 'grpc-timeout', 'grpc-encoding'];
  for (const name of reserved) metadata.set(name, 'mine');
  const headers = sent(5, metadata);
  expect([...headers.values()].flat()).not.toContain('mine');
  expect(headers.get('grpc-timeout')).toEqual(['5m']);
});
