import { connect, type ClientHttp2Stream } from 'node:http2';
import { closeLater } from './echo.ts';

/**
 * Calls a method of the echo service with one empty request, by HTTP/2 alone: with headers that
 * grpc-js would not send, and without the sixteen messages that it reads ahead. `closeAll` breaks
 * its connection.
 */
export function rawCall(
  address: string,
  method: 'Say' | 'Repeat',
  headers: Readonly<Record<string, string>> = {},
): ClientHttp2Stream {
  const session = connect(`http://${address}`);
  session.on('error', () => {});
  closeLater(() => session.destroy());
  const stream = session.request({
    ':method': 'POST',
    ':path': `/spec.v1.Echo/${method}`,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  });
  stream.on('error', () => {});
  stream.end(Buffer.alloc(5));
  return stream;
}
