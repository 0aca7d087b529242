import { crc32 } from 'node:zlib';

/** What a checksum covers: parts in their order. */
export type ChecksumPart = string | number | boolean | Uint8Array | null | undefined;

// Written to again and again: a text put together from the parts would take a kilobyte each time.
const lines = Buffer.allocUnsafe(4096);
const maxBytesOfCharacter = 3;
const newLine = 0x0a;

/** A CRC-32 of all parts, each apart from the next: it tells bits that flip, and no forgery. */
export function checksum(...parts: readonly ChecksumPart[]): number {
  let crc = 0;
  let used = 0;
  for (const part of parts) {
    const text = part instanceof Uint8Array ? `#${part.length}` : String(part ?? '');
    if (used + text.length * maxBytesOfCharacter >= lines.length) {
      crc = crc32(lines.subarray(0, used), crc);
      used = 0;
    }
    if (text.length * maxBytesOfCharacter < lines.length) {
      used += lines.write(text, used);
      lines[used++] = newLine;
    } else {
      crc = crc32(`${text}\n`, crc);
    }
  }
  crc = crc32(lines.subarray(0, used), crc);
  for (const part of parts) if (part instanceof Uint8Array) crc = crc32(part, crc);
  return crc;
}
