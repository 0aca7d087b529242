import { constants, type OutgoingHttpHeaders } from 'node:http2';
import type { Metadata } from '@grpc/grpc-js';
import { RetryInfo } from '@trivium/contracts/google/rpc/error_details';
import { durationToMs } from '../duration.ts';
import { findDetail } from '../error/details.ts';
import type { RpcError } from '../error/rpc-error.ts';
import { statusMetadata } from '../error/status-metadata.ts';

const RETRY_PUSHBACK = 'grpc-retry-pushback-ms';

/** Peers commonly refuse more than 8 KiB of headers; a message may grow threefold when encoded. */
const MAX_MESSAGE_CHARACTERS = 1_000;

/**
 * An error's status as trailers: code, message, and its details in `grpc-status-details-bin`. With
 * `statusHeaders` the only place where an error becomes what a caller sees. The cause is not sent.
 */
export function statusTrailers(error: RpcError): OutgoingHttpHeaders {
  return {
    ...detailsMetadata(error).toHttp2Headers(),
    'grpc-status': error.code,
    'grpc-message': encodeURI(sendableMessage(error.message)),
  };
}

/**
 * The same as the headers of a response that consists of nothing else ("Trailers-Only" in the gRPC
 * over HTTP2 protocol).
 */
export function statusHeaders(error: RpcError): OutgoingHttpHeaders {
  return {
    ':status': constants.HTTP_STATUS_OK,
    'content-type': 'application/grpc+proto',
    ...statusTrailers(error),
  };
}

function detailsMetadata(error: RpcError): Metadata {
  const metadata = statusMetadata(error.toStatus());
  // The same in the words of gRFC A6, which clients that retry by themselves understand.
  const delay = findDetail(error, RetryInfo)?.retryDelay;
  if (delay) metadata.set(RETRY_PUSHBACK, String(Math.ceil(durationToMs(delay))));
  return metadata;
}

/** A lone surrogate cannot be encoded. */
function sendableMessage(message: string): string {
  const wellFormed = message.toWellFormed();
  return wellFormed.length <= MAX_MESSAGE_CHARACTERS
    ? wellFormed
    : `${wellFormed.slice(0, MAX_MESSAGE_CHARACTERS - 1).toWellFormed()}…`;
}
