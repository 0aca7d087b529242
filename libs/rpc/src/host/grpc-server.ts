import {
  constants,
  type IncomingHttpHeaders,
  type Http2Server,
  type ServerHttp2Stream,
  type ServerOptions,
} from 'node:http2';
import type { Socket } from 'node:net';
import { Server, type ServerCredentials } from '@grpc/grpc-js';
import type { RawCall } from '../call/raw-call.ts';
import { correctGrpcTimeout } from './grpc-timeout.ts';

/** Serves one incoming call; `http2Stream` is what the call travels on. */
export type ServeCall = (call: RawCall, http2Stream: ServerHttp2Stream) => void;

/** A grpc-js server with its pitfalls closed, that listens nowhere: it is handed its connections. */
export interface GrpcServer {
  injectConnection(socket: Socket): void;
  /** Tells every peer that no further call is accepted, and closes what is idle. */
  goAway(): void;
}

/** What a grpc-js server is made from. */
export interface GrpcServerOptions {
  readonly credentials: ServerCredentials;
  /** The largest message that is received or sent, in bytes. */
  readonly maxMessageBytes: number;
  /** How old a connection may become, and how long after that its calls are broken off; in ms. */
  readonly connectionAge: { readonly maxMs: number; readonly graceMs: number };
  /** Finds what serves a path; asked for every call, so it answers for unknown paths too. */
  readonly route: (path: string) => ServeCall;
  /**
   * Answers a request that there is no room for, and returns whether it has: at half the cost of one
   * that grpc-js gets to see.
   */
  readonly refuse: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => boolean;
}

/** The parts of grpc-js 1.14 that have no public door. `openInternals` fails where they are gone. */
interface ServerInternals {
  commonServerOptions: ServerOptions;
  createHttp2Server(credentials: ServerCredentials): Http2Server;
  _verifyContentType(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): boolean;
  _retrieveHandler(path: string): unknown;
}

/**
 * How many streams a peer may reset, at once and per second. Node.js closes a connection, and every
 * innocent call on it, after 1,000 at once or 33 a second (its answer to CVE-2023-44487), which
 * fan-out with hedging and cancellation reaches in seconds. Bounded still, so that a flood of resets
 * ends; handlers are bounded by `maxInFlight`.
 */
const STREAM_RESETS = { streamResetBurst: 20_000, streamResetRate: 10_000 };

/** A peer that vanished without closing is found out in this time, plus 20 s for its answer. */
const KEEPALIVE_TIME_MS = 60_000;

/** What stands for no limit in grpc-js. */
const UNLIMITED_MS = 2 ** 31 - 1;
/** grpc-js adds up to a tenth, and a timer that overflows fires at once. */
const MAX_CONNECTION_AGE_MS = UNLIMITED_MS / 1.1;

/**
 * Creates a grpc-js server that closes these of its pitfalls: a timeout beyond 2^31 ms ends the call
 * at once; cancelling many calls kills their connection; responses are sent whatever their size; an
 * unknown method is answered where nobody sees it.
 */
export function createGrpcServer(options: GrpcServerOptions): GrpcServer {
  const { maxMs, graceMs } = options.connectionAge;
  const server = new Server({
    'grpc.max_receive_message_length': options.maxMessageBytes,
    'grpc.max_send_message_length': options.maxMessageBytes,
    'grpc.keepalive_time_ms': KEEPALIVE_TIME_MS,
    'grpc.max_connection_age_ms':
      maxMs === Infinity ? UNLIMITED_MS : Math.min(maxMs, MAX_CONNECTION_AGE_MS),
    'grpc.max_connection_age_grace_ms': Math.min(graceMs, UNLIMITED_MS),
    'grpc.enable_channelz': 0,
  });
  const internals = openInternals(server);
  Object.assign(internals.commonServerOptions, STREAM_RESETS);

  // grpc-js calls the handler before its own `stream` listener returns, so this is always its stream.
  let arriving: ServerHttp2Stream;
  const createHttp2Server = internals.createHttp2Server.bind(server);
  internals.createHttp2Server = (credentials) => {
    const http2Server = createHttp2Server(credentials);
    http2Server.prependListener(
      'stream',
      (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
        arriving = stream;
        correctGrpcTimeout(headers);
      },
    );
    return http2Server;
  };
  // The first thing that it asks of a request; what gets a `false` has been answered.
  const verifyContentType = internals._verifyContentType.bind(server);
  internals._verifyContentType = (stream, headers) =>
    verifyMethod(stream, headers) &&
    verifyContentType(stream, headers) &&
    !options.refuse(stream, headers);
  // Every kind of method is served as a bidirectional stream of raw bytes, and so by one handler.
  internals._retrieveHandler = (path) => ({
    path,
    type: 'bidi',
    serialize: passThrough,
    deserialize: passThrough,
    func(call: RawCall) {
      readAheadOneMessage(call);
      options.route(path)(call, arriving);
    },
  });

  const injector = server.createConnectionInjector(options.credentials);
  return {
    injectConnection: (socket) => injector.injectConnection(socket),
    goAway: () => server.tryShutdown(() => undefined),
  };
}

/** gRPC is POST alone; grpc-js would serve whatever carries a message. */
function verifyMethod(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): boolean {
  if (headers[':method'] === 'POST') return true;
  stream.respond({ ':status': constants.HTTP_STATUS_METHOD_NOT_ALLOWED }, { endStream: true });
  return false;
}

/** By default it would be sixteen, however large: 64 MiB for each stream of requests. */
function readAheadOneMessage(call: RawCall): void {
  (call as unknown as { _readableState: { highWaterMark: number } })._readableState.highWaterMark =
    1;
}

function passThrough(bytes: Buffer): Buffer {
  return bytes;
}

function openInternals(server: Server): ServerInternals {
  const internals = server as unknown as ServerInternals;
  const known =
    typeof internals.commonServerOptions === 'object' &&
    typeof internals.createHttp2Server === 'function' &&
    typeof internals._verifyContentType === 'function' &&
    typeof internals._retrieveHandler === 'function';
  if (!known) throw new Error('This version of @grpc/grpc-js is unknown: see host/grpc-server.ts');
  return internals;
}
