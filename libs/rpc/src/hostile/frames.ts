/** What an HTTP/2 client says first (RFC 9113, 3.4). */
export const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/** The types of frames (RFC 9113, 6). */
export const FrameType = {
  DATA: 0,
  HEADERS: 1,
  RST_STREAM: 3,
  SETTINGS: 4,
  PING: 6,
  GOAWAY: 7,
  CONTINUATION: 9,
} as const;

/** How many bytes a frame's header has. */
const HEADER_BYTES = 9;

const END_STREAM = 0x1;
/** The flag of settings and pings that answer. */
export const ACK = 0x1;
const END_HEADERS = 0x4;
const CANCEL = 8;
const NO_ERROR = 0;

/** What a frame has besides its type; by default nothing. */
export interface FrameOptions {
  readonly flags?: number;
  readonly streamId?: number;
  readonly payload?: Buffer;
  /** What the frame says that its payload has, in bytes; by default the truth. */
  readonly length?: number;
}

/** A frame as it is, right or wrong. */
export function http2Frame(type: number, options: FrameOptions = {}): Buffer {
  const { flags = 0, streamId = 0, payload = Buffer.alloc(0) } = options;
  const { length = payload.length } = options;
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUIntBE(length, 0, 3);
  header.writeUInt8(type, 3);
  header.writeUInt8(flags, 4);
  header.writeUInt32BE(streamId, 5);
  return Buffer.concat([header, payload]);
}

/** Settings, all of them the defaults. */
export const SETTINGS = http2Frame(FrameType.SETTINGS);

/** Says that the peer's settings are known. */
export const SETTINGS_ACK = http2Frame(FrameType.SETTINGS, { flags: ACK });

/** The headers of a call to the echo service; the stream stays open for its messages. */
export function requestHeaders(streamId: number, method = 'Say'): Buffer {
  return headersFrame(streamId, {
    ':method': 'POST',
    ':scheme': 'http',
    ':path': `/spec.v1.Echo/${method}`,
    ':authority': 'peer',
    'content-type': 'application/grpc',
    te: 'trailers',
  });
}

/** Headers or trailers of any kind, uncompressed; by default the stream stays open. */
export function headersFrame(
  streamId: number,
  headers: Readonly<Record<string, string>>,
  { isLast = false } = {},
): Buffer {
  const fields = Object.entries(headers).flatMap(([name, value]) => [
    LITERAL,
    hpackString(name),
    hpackString(value),
  ]);
  return http2Frame(FrameType.HEADERS, {
    flags: END_HEADERS | (isLast ? END_STREAM : 0),
    streamId,
    payload: Buffer.concat(fields),
  });
}

/** Data of a stream, and by default its end. */
export function dataFrame(streamId: number, payload: Buffer, { isLast = true } = {}): Buffer {
  return http2Frame(FrameType.DATA, { flags: isLast ? END_STREAM : 0, streamId, payload });
}

/** Cancels a stream. */
export function resetFrame(streamId: number, code = CANCEL): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(code);
  return http2Frame(FrameType.RST_STREAM, { streamId, payload });
}

/** Says that the connection ends after a stream, and why. */
export function goAwayFrame({ lastStreamId = 0, code = NO_ERROR }): Buffer {
  const payload = Buffer.alloc(8);
  payload.writeUInt32BE(lastStreamId, 0);
  payload.writeUInt32BE(code, 4);
  return http2Frame(FrameType.GOAWAY, { payload });
}

/** HPACK: a header field with a new name that is not indexed (RFC 7541, 6.2.2). */
const LITERAL = Buffer.from([0]);

/** Texts of up to 126 bytes, whose length is one byte. */
function hpackString(text: string): Buffer {
  return Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);
}

/** A frame that was received. */
export interface ReceivedFrame {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly payload: Buffer;
}

/** Creates what cuts received bytes into frames, after those that it skips. */
export function createFrameReader({ skip = 0 } = {}): (bytes: Buffer) => ReceivedFrame[] {
  let rest: Buffer = Buffer.alloc(0);
  let toSkip = skip;
  return (bytes) => {
    rest = Buffer.concat([rest, bytes.subarray(toSkip)]);
    toSkip = Math.max(0, toSkip - bytes.length);
    const frames: ReceivedFrame[] = [];
    while (rest.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + rest.readUIntBE(0, 3);
      if (rest.length < end) break;
      frames.push({
        type: rest.readUInt8(3),
        flags: rest.readUInt8(4),
        streamId: rest.readUInt32BE(5) & 0x7fffffff,
        payload: rest.subarray(HEADER_BYTES, end),
      });
      rest = rest.subarray(end);
    }
    return frames;
  };
}
