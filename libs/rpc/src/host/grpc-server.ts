import type {
  IncomingHttpHeaders,
  Http2Server,
  ServerHttp2Stream,
  ServerOptions,
} from 'node:http2';
import type { Socket } from 'node:net';
import { Server, type ServerCredentials } from '@grpc/grpc-js';
import type { RawCall } from '../call/raw-call.ts';
import { clampGrpcTimeout } from './grpc-timeout.ts';

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
  /** Finds what serves a path; asked for every call, so it answers for unknown paths too. */
  readonly route: (path: string) => ServeCall;
}

/** The parts of grpc-js 1.14 that have no public door. `openInternals` fails where they are gone. */
interface ServerInternals {
  commonServerOptions: ServerOptions;
  createHttp2Server(credentials: ServerCredentials): Http2Server;
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

/**
 * Creates a grpc-js server that closes these of its pitfalls: a timeout beyond 2^31 ms ends the call
 * at once; cancelling many calls kills their connection; responses are sent whatever their size; an
 * unknown method is answered where nobody sees it.
 */
export function createGrpcServer(options: GrpcServerOptions): GrpcServer {
  const server = new Server({
    'grpc.max_receive_message_length': options.maxMessageBytes,
    'grpc.max_send_message_length': options.maxMessageBytes,
    'grpc.keepalive_time_ms': KEEPALIVE_TIME_MS,
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
        clampGrpcTimeout(headers);
      },
    );
    return http2Server;
  };
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
    typeof internals._retrieveHandler === 'function';
  if (!known) throw new Error('This version of @grpc/grpc-js is unknown: see host/grpc-server.ts');
  return internals;
}
