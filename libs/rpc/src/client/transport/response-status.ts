import type { ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2';
import { constants } from 'node:http2';
import type { StatusObject } from '@grpc/grpc-js';
import { Metadata } from '@grpc/grpc-js';
import { Code, codeOf } from '../../error/code.ts';
import type { Http2Transport } from './http2-transport.ts';

/** A status that this side makes, and no server has sent. */
export function ownStatus(code: Code, details: string): StatusObject {
  return { code, details, metadata: new Metadata() };
}

/** For those whom the trailers of a success do not interest. */
const OK_STATUS = ownStatus(Code.OK, '');

/**
 * The status in these trailers; where there is none, what the HTTP status says. The metadata of a
 * success is left out if it is ignored.
 */
export function trailersStatus(
  headers: IncomingHttpHeaders,
  httpStatus: number,
  ignoresMetadata = false,
): StatusObject {
  if (ignoresMetadata && headers['grpc-status'] === '0') return OK_STATUS;
  const metadata = Metadata.fromHttp2Headers(headers);
  metadata.remove('grpc-status');
  metadata.remove('grpc-message');
  const sent = headers['grpc-status'];
  if (sent === undefined) return { ...httpError(httpStatus), metadata };
  const code = /^\d{1,3}$/.test(String(sent)) ? codeOf(Number(sent)) : Code.UNKNOWN;
  return { code, details: percentDecoded(headers['grpc-message']), metadata };
}

function percentDecoded(message: string | readonly string[] | undefined): string {
  const text = message === undefined ? '' : String(message);
  try {
    return decodeURIComponent(text);
  } catch {
    // The protocol asks to show what cannot be decoded, rather than to drop it.
    return text;
  }
}

/** As the gRPC project has it in doc/http-grpc-status-mapping.md. */
const codesOfHttp = new Map<number, Code>([
  [400, Code.INTERNAL],
  [401, Code.UNAUTHENTICATED],
  [403, Code.PERMISSION_DENIED],
  [404, Code.UNIMPLEMENTED],
  [429, Code.UNAVAILABLE],
  [502, Code.UNAVAILABLE],
  [503, Code.UNAVAILABLE],
  [504, Code.UNAVAILABLE],
]);

/** What an HTTP status is to gRPC, when that is all that came. */
export function httpError(httpStatus: number): StatusObject {
  const code = codesOfHttp.get(httpStatus) ?? Code.UNKNOWN;
  return ownStatus(code, `The server answered with HTTP status ${httpStatus}`);
}

const {
  NGHTTP2_NO_ERROR,
  NGHTTP2_REFUSED_STREAM,
  NGHTTP2_CANCEL,
  NGHTTP2_ENHANCE_YOUR_CALM,
  NGHTTP2_INADEQUATE_SECURITY,
} = constants;

/** As the gRPC over HTTP2 protocol has them, in "HTTP2 Transport Mapping", "Errors". */
const codesOfResets = new Map<number, Code>([
  [NGHTTP2_REFUSED_STREAM, Code.UNAVAILABLE],
  [NGHTTP2_CANCEL, Code.CANCELLED],
  [NGHTTP2_ENHANCE_YOUR_CALM, Code.RESOURCE_EXHAUSTED],
  [NGHTTP2_INADEQUATE_SECURITY, Code.PERMISSION_DENIED],
]);

/** Whether the server has said that it has not looked at what was sent. */
export function isRefusal({ rstCode }: ClientHttp2Stream): boolean {
  return rstCode === NGHTTP2_REFUSED_STREAM;
}

/** A stream that ended without a status of gRPC. */
export interface BrokenStream {
  readonly stream: ClientHttp2Stream;
  /** Its error, if it had one. */
  readonly breakage: NodeJS.ErrnoException | undefined;
  readonly transport: Http2Transport;
  /** 0 if there was not even that. */
  readonly httpStatus: number;
}

/** What it is to gRPC that a stream ended so. */
export function brokenStatus({
  stream: { rstCode },
  breakage,
  transport,
  httpStatus,
}: BrokenStream): StatusObject {
  const loss = lossReason(rstCode, breakage, transport);
  if (loss !== undefined) {
    // A server that was asked too much says so to the connection.
    const isCalmed = transport.goAwayCode === NGHTTP2_ENHANCE_YOUR_CALM;
    const code = isCalmed ? Code.RESOURCE_EXHAUSTED : Code.UNAVAILABLE;
    return ownStatus(code, `The connection was lost: ${loss}`);
  }
  if (rstCode !== NGHTTP2_NO_ERROR) {
    const code = codesOfResets.get(rstCode) ?? Code.INTERNAL;
    return ownStatus(code, `The call was reset with HTTP/2 code ${rstCode}`);
  }
  if (httpStatus !== 0 && httpStatus !== 200) return httpError(httpStatus);
  return ownStatus(Code.INTERNAL, 'The server ended the call without a status');
}

/** Errors of a stream that say nothing about its connection. */
const ownErrors = new Set(['ERR_HTTP2_STREAM_ERROR', 'ERR_HTTP2_FRAME_ERROR']);

function lossReason(
  rstCode: number,
  breakage: NodeJS.ErrnoException | undefined,
  { loss }: Http2Transport,
): string | undefined {
  if (breakage && !ownErrors.has(breakage.code ?? '')) return loss ?? breakage.message;
  // To streams that are open when a connection goes Node.js says that they were cancelled.
  return rstCode === NGHTTP2_CANCEL || rstCode === NGHTTP2_NO_ERROR ? loss : undefined;
}
