import { lookup } from 'node:dns/promises';
import { connect as connectHttp2 } from 'node:http2';
import type { Socket } from 'node:net';
import { connect as connectTcp, isIP } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { ChannelCredentials } from '@grpc/grpc-js';
import { credentials as grpcCredentials } from '@grpc/grpc-js';
import { firstToConnect } from './first-to-connect.ts';
import type { CallCredentials, SecureConnector } from './grpc-call.ts';
import { Http2Transport } from './http2-transport.ts';

/** How a connection is made. */
export interface DialOptions {
  /** `host:port`. */
  readonly address: string;
  readonly credentials: ChannelCredentials;
  /**
   * How long a peer that has accepted the connection may take for its first word, in milliseconds;
   * all that comes before and after has twice that time together.
   */
  readonly connectTimeoutMs: number;
  readonly keepaliveTimeMs: number;
  readonly flowControlWindowBytes: number;
}

/**
 * Connects to an address, to the first of all that its name has which answers with HTTP/2's SETTINGS.
 * Rejects with the error of the last one. When the signal aborts it gives up what it has begun.
 */
export async function dial(options: DialOptions, signal: AbortSignal): Promise<Http2Transport> {
  const { address, credentials, connectTimeoutMs } = options;
  const target = { scheme: 'dns', path: address };
  const connector = credentials._createSecureConnector(target, {});
  const limitMs = 2 * connectTimeoutMs;
  const gaveUp = new AbortController();
  const timer = setTimeout(
    () => gaveUp.abort(new Error(`No connection to ${address} within ${limitMs} ms`)),
    limitMs,
  ).unref();
  const abandon = () => gaveUp.abort(signal.reason);
  signal.addEventListener('abort', abandon);
  const attempt = async () => {
    const [hosts] = await Promise.all([hostsOf(address), connector.waitForReady()]);
    const transport = await firstToConnect(
      hosts,
      (host, given) => connectTo(host, { ...options, connector }, given),
      gaveUp.signal,
    );
    if (gaveUp.signal.aborted) transport.close();
    return transport;
  };
  try {
    return await orAborted(attempt(), gaveUp.signal);
  } finally {
    connector.destroy();
    clearTimeout(timer);
    signal.removeEventListener('abort', abandon);
  }
}

/** As the promise, but never later than the signal. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
    promise.then(resolve, reject);
  });
}

/** The addresses of the host, which may have one for each family. */
async function hostsOf(address: string): Promise<string[]> {
  const host = address.slice(0, address.lastIndexOf(':')).replace(/^\[|\]$/g, '');
  if (isIP(host)) return [host];
  const found = await lookup(host, { all: true });
  return found.map((each) => each.address);
}

interface ConnectOptions extends DialOptions {
  readonly connector: SecureConnector;
}

/** Connects to a host, in the order of TCP, TLS if there is some, and the first word of HTTP/2. */
async function connectTo(
  host: string,
  options: ConnectOptions,
  signal: AbortSignal,
): Promise<Http2Transport> {
  const { address, connectTimeoutMs, connector } = options;
  const port = Number(address.slice(address.lastIndexOf(':') + 1));
  let socket = await connected(connectTcp({ host, port, noDelay: true }), signal);
  const silence = new Error(`The peer did not answer for ${connectTimeoutMs} ms`);
  const timer = setTimeout(() => socket.destroy(silence), connectTimeoutMs).unref();
  const abandon = () => socket.destroy();
  signal.addEventListener('abort', abandon);
  try {
    const secured = await connector.connect(socket);
    socket = secured.socket;
    if (signal.aborted) socket.destroy();
    if (socket.destroyed) throw new Error('The peer closed the connection');
    return await spokenTo(socket, { ...options, host, port, isSecure: secured.secure });
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abandon);
  }
}

function connected(socket: Socket, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const abandon = () => socket.destroy(signal.reason as Error);
    signal.addEventListener('abort', abandon);
    socket.once('connect', () => {
      signal.removeEventListener('abort', abandon);
      resolve(socket);
    });
    // It stays: until HTTP/2 takes over nobody else listens.
    socket.on('error', reject);
  });
}

interface SessionOptions extends ConnectOptions {
  readonly host: string;
  readonly port: number;
  readonly isSecure: boolean;
}

/** Resolves when the peer's SETTINGS are there: before that it may be anything. */
function spokenTo(socket: Socket, options: SessionOptions): Promise<Http2Transport> {
  const { address, flowControlWindowBytes, isSecure, connector, host, port } = options;
  // The zone of an IPv6 address is this machine's own business (RFC 6874).
  const authority = address.replace(/%[^\]]*/, '');
  const scheme = isSecure ? 'https' : 'http';
  return new Promise((resolve, reject) => {
    const session = connectHttp2(`${scheme}://${authority}`, {
      createConnection: () => socket,
      settings: { initialWindowSize: flowControlWindowBytes, enablePush: false },
      // How much is sent and kept is bounded by what this library sends and keeps.
      maxSendHeaderBlockLength: Number.MAX_SAFE_INTEGER,
      maxSessionMemory: Number.MAX_SAFE_INTEGER,
    });
    session.once('error', reject);
    session.once('close', () => reject(new Error('The peer closed the connection')));
    session.once('remoteSettings', () => {
      const peer = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
      resolve(
        new Http2Transport({
          ...options,
          session,
          scheme,
          authority,
          peer,
          authContext: authContextOf(socket),
          callCredentials: nonEmpty(connector.getCallCredentials()),
        }),
      );
    });
  });
}

function authContextOf(socket: Socket) {
  if (!(socket instanceof TLSSocket && socket.authorized)) return {};
  return { transportSecurityType: 'ssl', sslPeerCertificate: socket.getPeerCertificate() };
}

function nonEmpty(callCredentials: CallCredentials): CallCredentials | undefined {
  return callCredentials._equals(grpcCredentials.createEmpty()) ? undefined : callCredentials;
}
