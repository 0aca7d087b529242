import type { Metadata } from '@grpc/grpc-js';
import { ACCEPTED_ENCODINGS } from '../../wire/inflate.ts';

/** What the headers of a call say. */
export interface RequestHeaders {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
  /** `Infinity` for none. */
  readonly remainingMs: number;
  readonly metadata: Metadata;
}

const USER_AGENT = 'grpc-node-trivium/0.1';

/** What the protocol says in its own words, whatever the caller's metadata says. */
const reserved = new Set([
  'content-type',
  'te',
  'user-agent',
  'grpc-accept-encoding',
  'grpc-encoding',
  'grpc-timeout',
]);

/**
 * The headers of a call, names and values in turn (gRPC over HTTP2, "Requests"). As a list because
 * Node.js makes less ado about one.
 */
export function requestHeaders(call: RequestHeaders): string[] {
  const headers = [
    ':method',
    'POST',
    ':scheme',
    call.scheme,
    ':authority',
    call.authority,
    ':path',
    call.path,
    'te',
    'trailers',
    'content-type',
    'application/grpc',
    'user-agent',
    USER_AGENT,
    'grpc-accept-encoding',
    ACCEPTED_ENCODINGS,
  ];
  if (call.remainingMs !== Infinity) headers.push('grpc-timeout', grpcTimeout(call.remainingMs));
  const metadata = call.metadata.toHttp2Headers();
  for (const key in metadata) {
    if (reserved.has(key)) continue;
    const value = metadata[key];
    if (!Array.isArray(value)) headers.push(key, String(value));
    else for (const each of value) headers.push(key, each);
  }
  return headers;
}

/** The number of `grpc-timeout` has eight digits at most. */
const MAX_TIMEOUT_VALUE = 99_999_999;

function grpcTimeout(remainingMs: number): string {
  const ms = Math.ceil(remainingMs);
  if (ms <= MAX_TIMEOUT_VALUE) return `${ms}m`;
  return `${Math.min(MAX_TIMEOUT_VALUE, Math.ceil(ms / 1000))}S`;
}
