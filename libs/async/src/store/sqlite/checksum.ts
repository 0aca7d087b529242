import { crc32 } from 'node:zlib';

/** What a checksum covers: parts in their order. */
export type ChecksumPart = string | number | boolean | Uint8Array | null | undefined;

/** A CRC-32 of all parts, each apart from the next: it tells bits that flip, and no forgery. */
export function checksum(...parts: readonly ChecksumPart[]): number {
  let text = '';
  for (const part of parts) {
    text += part instanceof Uint8Array ? `#${part.length}\n` : `${part ?? ''}\n`;
  }
  let crc = crc32(text);
  for (const part of parts) if (part instanceof Uint8Array) crc = crc32(part, crc);
  return crc;
}
