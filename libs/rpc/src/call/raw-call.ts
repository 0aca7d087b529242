import type { ServerDuplexStream } from '@grpc/grpc-js';

/** An incoming call of grpc-js as raw bytes: one Buffer a message, whatever the kind of method. */
export type RawCall = ServerDuplexStream<Buffer, Buffer>;

/** The parts of grpc-js 1.14 in which it cuts bytes into messages; they have no public door. */
interface Internals {
  readonly call?: { readonly decoder?: { readonly readState?: number } };
}

/** What its decoder is in before the first byte of a message. */
const BETWEEN_MESSAGES = 0;

/**
 * Whether what was received so far stops in the middle of a message. Where that is the end, grpc-js
 * drops the half that is there, and so lets a part of a stream pass for the whole.
 */
export function isInsideMessage(raw: RawCall): boolean {
  const state = (raw as unknown as Internals).call?.decoder?.readState;
  return state !== undefined && state !== BETWEEN_MESSAGES;
}
