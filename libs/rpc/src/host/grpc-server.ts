import {
  constants,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
  type ServerOptions,
} from 'node:http2';
import type { Socket } from 'node:net';
import { Server, type ServerCredentials } from '@grpc/grpc-js';

/** Serves the call that arrives on a stream, with these headers. */
export type ServeCall = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;

/** The connections of a host, without their calls; it listens nowhere, and is handed them. */
export interface GrpcServer {
  injectConnection(socket: Socket): void;
  /** Tells every peer that no further call is accepted, and closes what is idle. */
  goAway(): void;
}

/** What the connections of a host are made from. */
export interface GrpcServerOptions {
  readonly credentials: ServerCredentials;
  /** How old a connection may become, and how long after that its calls are broken off; in ms. */
  readonly connectionAge: { readonly maxMs: number; readonly graceMs: number };
  /** Finds what serves a path; asked for every call, so it answers for unknown paths too. */
  readonly route: (path: string) => ServeCall;
  /** Answers a request that there is no room for, and returns whether it has. */
  readonly refuse: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => boolean;
}

/** The parts of grpc-js 1.14 that have no public door. `openInternals` fails where they are gone. */
interface ServerInternals {
  commonServerOptions: ServerOptions;
  _streamHandler(
    interceptors: unknown,
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
  ): void;
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
 * Creates what keeps a host's connections: a grpc-js server, for TLS, keepalive, age and GOAWAY, whose
 * calls are not its own. It lets a peer reset more streams than Node.js does by itself.
 */
export function createGrpcServer(options: GrpcServerOptions): GrpcServer {
  const { maxMs, graceMs } = options.connectionAge;
  const server = new Server({
    'grpc.keepalive_time_ms': KEEPALIVE_TIME_MS,
    'grpc.max_connection_age_ms':
      maxMs === Infinity ? UNLIMITED_MS : Math.min(maxMs, MAX_CONNECTION_AGE_MS),
    'grpc.max_connection_age_grace_ms': Math.min(graceMs, UNLIMITED_MS),
    'grpc.enable_channelz': 0,
  });
  const internals = openInternals(server);
  Object.assign(internals.commonServerOptions, STREAM_RESETS);
  internals._streamHandler = (_interceptors, stream, headers) => {
    // What breaks a stream closes it, too, which is what its call listens to.
    stream.on('error', ignore);
    const status = requestError(headers);
    if (status) answerOnly(stream, status);
    else if (!options.refuse(stream, headers)) {
      options.route(headers[':path'] ?? '')(stream, headers);
    }
  };

  const injector = server.createConnectionInjector(options.credentials);
  return {
    injectConnection: (socket) => injector.injectConnection(socket),
    goAway: () => server.tryShutdown(() => undefined),
  };
}

/** The HTTP status of what is no gRPC request; undefined for one that is. */
function requestError(headers: IncomingHttpHeaders): number | undefined {
  if (headers[':method'] !== 'POST') return constants.HTTP_STATUS_METHOD_NOT_ALLOWED;
  if (headers['content-type']?.startsWith('application/grpc')) return undefined;
  return constants.HTTP_STATUS_UNSUPPORTED_MEDIA_TYPE;
}

/** A stream that its caller has reset already takes no answer. */
function answerOnly(stream: ServerHttp2Stream, status: number): void {
  if (stream.destroyed || stream.closed) return;
  stream.respond({ ':status': status }, { endStream: true });
}

function ignore(): void {}

function openInternals(server: Server): ServerInternals {
  const internals = server as unknown as ServerInternals;
  const known =
    typeof internals.commonServerOptions === 'object' &&
    typeof internals._streamHandler === 'function';
  if (!known) throw new Error('This version of @grpc/grpc-js is unknown: see host/grpc-server.ts');
  return internals;
}
