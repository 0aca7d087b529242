import type { IncomingHttpHeaders } from 'node:http2';

const HEADER = 'grpc-timeout';
const UNIT_MS: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1_000,
  m: 1,
  u: 0.001,
  n: 0.000_001,
};

/** The longest timer of Node.js, 2^31 - 1 ms, in whole seconds: nearly 25 days. */
const MAX_TIMEOUT_SECONDS = 2_147_483;

/**
 * Shortens a `grpc-timeout` header that no timer can hold to the longest one that it can. grpc-js
 * would take it modulo 2^32 ms, and so end a call of a thousand hours at once. Other values stay as
 * they are. Format: "Timeout" in the gRPC over HTTP2 protocol.
 */
export function clampGrpcTimeout(headers: IncomingHttpHeaders): void {
  const value = headers[HEADER];
  if (typeof value !== 'string') return;
  const match = /^(\d{1,8})\s*([HMSmun])$/.exec(value);
  if (!match) return;
  const timeoutMs = Number(match[1]) * (UNIT_MS[match[2]!] ?? 1);
  if (timeoutMs > MAX_TIMEOUT_SECONDS * 1_000) headers[HEADER] = `${MAX_TIMEOUT_SECONDS}S`;
}
