import type { ServerDuplexStream } from '@grpc/grpc-js';

/** An incoming call of grpc-js as raw bytes: one Buffer a message, whatever the kind of method. */
export type RawCall = ServerDuplexStream<Buffer, Buffer>;
