import { once } from 'node:events';
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { frame, largeResponse, smallResponse } from '../messages.ts';

/** What the raw http2 client calls: the bytes of the responses, and nothing of gRPC. Resolves with its port. */
export async function startHttp2Server(): Promise<number> {
  const small = frame(smallResponse);
  const large = frame(largeResponse);
  const server = createServer();
  server.on('stream', (stream, headers) => {
    stream.resume();
    stream.on('end', () => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
      stream.end(headers[':path']?.endsWith('/ListProducts') ? large : small);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
