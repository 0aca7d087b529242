import type { AddressInfo, Server } from 'node:net';
import { createServer } from 'node:http2';
import type { ServerHttp2Stream } from 'node:http2';
import { closeLater } from './echo.ts';

/** Listens at any free port of 127.0.0.1; `closeAll` ends it with all of its connections. */
export async function listenLocally(server: Server, port = 0): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(port, '127.0.0.1', resolve);
  await promise;
  closeLater(() => server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Starts a peer that speaks HTTP/2 and knows of gRPC what `onStream` tells it: to misbehave. */
export function startHttp2Peer(onStream: (stream: ServerHttp2Stream) => void): Promise<string> {
  const server = createServer();
  server.on('session', (session) => closeLater(() => session.destroy()));
  server.on('stream', (stream) => {
    // Resetting a stream is an error to its own end as well.
    stream.on('error', () => {});
    onStream(stream);
  });
  return listenLocally(server);
}

/** Answers a stream with messages as they are, and OK. */
export function respondWith(stream: ServerHttp2Stream, ...messages: readonly Buffer[]): void {
  stream.respond(
    { ':status': 200, 'content-type': 'application/grpc+proto' },
    { waitForTrailers: true },
  );
  stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.end(Buffer.concat(messages.flatMap((message) => [frameHeader(message), message])));
}

function frameHeader(message: Buffer): Buffer {
  const header = Buffer.alloc(5);
  header.writeUInt32BE(message.length, 1);
  return header;
}
