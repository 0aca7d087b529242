/**
 * The status codes of gRPC, with their numbers on the wire.
 * Source: https://grpc.io/docs/guides/status-codes
 */
export const Code = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

/** One of the seventeen status codes. */
export type Code = (typeof Code)[keyof typeof Code];

const names = new Map<number, string>(Object.entries(Code).map(([name, code]) => [code, name]));

/** The name of a status code, for example `NOT_FOUND`; `CODE(99)` for a number that is none. */
export function codeName(code: number): string {
  return names.get(code) ?? `CODE(${code})`;
}

/** The status code of this number; `UNKNOWN` for a number that is none, as gRPC asks. */
export function codeOf(value: number): Code {
  return names.has(value) ? (value as Code) : Code.UNKNOWN;
}
