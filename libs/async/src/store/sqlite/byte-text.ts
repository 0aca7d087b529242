/**
 * Bytes as a text of as many characters, for their way to another thread: a text is cloned as it is,
 * where each array of bytes takes a piece of memory of its own that is collected later.
 */
export type ByteText = string;

/** Bytes as a text; null for none. */
export function toByteText(bytes: Uint8Array): ByteText;
export function toByteText(bytes: Uint8Array | undefined): ByteText | null;
export function toByteText(bytes: Uint8Array | undefined): ByteText | null {
  if (bytes === undefined) return null;
  const buffer = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString('latin1');
}

/** The bytes of such a text; null for none. */
export function fromByteText(text: ByteText): Uint8Array;
export function fromByteText(text: ByteText | null): Uint8Array | null;
export function fromByteText(text: ByteText | null): Uint8Array | null {
  return text === null ? null : Buffer.from(text, 'latin1');
}
