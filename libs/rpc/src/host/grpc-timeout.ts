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

/**
 * How long a call may take, in milliseconds; undefined for no limit, NaN for none that is valid. Format:
 * "Timeout" in the gRPC over HTTP2 protocol.
 */
export function grpcTimeoutMs(headers: IncomingHttpHeaders): number | undefined {
  const value = headers[HEADER];
  if (typeof value !== 'string') return undefined;
  const match = /^(\d{1,8})([HMSmun])$/.exec(value);
  return match ? Number(match[1]) * (UNIT_MS[match[2]!] ?? 1) : NaN;
}
