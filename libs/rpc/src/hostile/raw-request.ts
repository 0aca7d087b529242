import {
  connect,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
} from 'node:http2';
import { codeName } from '../error/code.ts';
import { closeLater } from '../spec/echo.ts';
import { openEchoClient } from '../spec/echo-client.ts';

/** A request of the echo service, as no gRPC client would send it. */
export interface RawRequest {
  readonly method?: 'Say' | 'Collect' | 'Converse';
  /** In addition to those of a good request; undefined leaves one of those out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** What is sent, frames included; by default one empty message. */
  readonly body?: Buffer;
}

/** Opens an HTTP/2 connection that sends headers of any size. `closeAll` breaks it. */
export function openSession(address: string): ClientHttp2Session {
  const session = connect(`http://${address}`, { maxSendHeaderBlockLength: 2 ** 24 });
  session.on('error', () => {});
  closeLater(() => session.destroy());
  return session;
}

/** Opens the stream of a request, and sends nothing but its headers. */
export function openStream(
  session: ClientHttp2Session,
  { method = 'Say', headers = {} }: RawRequest = {},
): ClientHttp2Stream {
  const all: Record<string, string | undefined> = {
    ':method': 'POST',
    ':path': `/spec.v1.Echo/${method}`,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  };
  const sent = Object.entries(all).filter(([, value]) => value !== undefined);
  const stream = session.request(Object.fromEntries(sent), { endStream: false });
  stream.on('error', () => {});
  return stream;
}

/**
 * How a stream ends, in a word: with the name of a gRPC status, with an HTTP status and none of gRPC,
 * or with a reset of this number.
 */
export function outcomeOf(stream: ClientHttp2Stream): Promise<string> {
  return new Promise((resolve) => {
    let httpStatus: unknown;
    const take = (headers: IncomingHttpHeaders) => {
      httpStatus ??= headers[':status'];
      const status = headers['grpc-status'];
      if (status !== undefined) resolve(codeName(Number(status)));
    };
    stream.on('response', take).on('trailers', take).resume();
    stream.once('close', () =>
      resolve(httpStatus === undefined ? `reset ${stream.rstCode}` : `HTTP ${String(httpStatus)}`),
    );
  });
}

/** Sends one request, on a connection of its own, and tells how it ended. */
export async function send(address: string, request: RawRequest = {}): Promise<string> {
  const stream = openStream(openSession(address), request);
  const outcome = outcomeOf(stream);
  stream.end(request.body ?? messageFrame(Buffer.alloc(0)));
  return outcome;
}

/** A message as gRPC frames it: whether it is compressed, its length or another, and itself. */
export function messageFrame(
  message: Buffer,
  { isCompressed = false, length = message.length } = {},
): Buffer {
  const header = Buffer.alloc(5);
  header.writeUInt8(isCompressed ? 1 : 0, 0);
  header.writeUInt32BE(length, 1);
  return Buffer.concat([header, message]);
}

/** Makes a good call, by grpc-js: rejects unless the host is as it was before. */
export async function makeGoodCall(address: string): Promise<void> {
  const client = openEchoClient(address);
  try {
    await client.say({ typeUrl: 'good', value: Buffer.alloc(0) }).response;
  } finally {
    client.close();
  }
}
