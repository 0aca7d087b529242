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
 * Makes of a `grpc-timeout` header what grpc-js understands as it is meant. One that no timer can
 * hold becomes the longest one that it can: grpc-js would take it modulo 2^32 ms, and so end a call
 * of a thousand hours at once. One that is none becomes one that grpc-js answers with `INTERNAL`: it
 * would find the 5 seconds in `-5S`. Format: "Timeout" in the gRPC over HTTP2 protocol.
 */
export function correctGrpcTimeout(headers: IncomingHttpHeaders): void {
  const timeoutMs = grpcTimeoutMs(headers);
  if (timeoutMs === undefined) return;
  if (Number.isNaN(timeoutMs)) headers[HEADER] = 'malformed';
  else if (timeoutMs > MAX_TIMEOUT_SECONDS * 1_000) headers[HEADER] = `${MAX_TIMEOUT_SECONDS}S`;
}

/** How long a call may take, in milliseconds; undefined for no limit, NaN for none that is valid. */
export function grpcTimeoutMs(headers: IncomingHttpHeaders): number | undefined {
  const value = headers[HEADER];
  if (typeof value !== 'string') return undefined;
  const match = /^(\d{1,8})([HMSmun])$/.exec(value);
  return match ? Number(match[1]) * (UNIT_MS[match[2]!] ?? 1) : NaN;
}
