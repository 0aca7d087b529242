import { WireType } from '@bufbuild/protobuf/wire';

/** Beyond this a number is not told: neither a length nor what rules usually speak of. */
const MAX_BITS = 35;

/**
 * Steps through the bytes of messages, one value after the other, and makes nothing of them. It may step
 * beyond the end of a message, but never back: whoever reads one looks whether it ends where it has to.
 */
export class WireCursor {
  readonly bytes: Buffer;
  at = 0;
  /** In how many messages the place is. */
  depth = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.isBuffer(bytes)
      ? bytes
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The next varint below 2^35; -1 for a larger one, a negative one, or one that is cut off. */
  varint(): number {
    let value = 0;
    for (let bits = 0, unit = 1; bits < MAX_BITS; bits += 7, unit *= 128) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) return -1;
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) return value;
    }
    return -1;
  }

  /** Where the value that begins here, with its length before it, ends; -1 for a length that is none. */
  endOfValue(): number {
    const length = this.varint();
    return length < 0 ? -1 : this.at + length;
  }

  /** Leaves a value out; false for what is none, or is a group. */
  skip(wireType: WireType): boolean {
    switch (wireType) {
      case WireType.Varint:
        for (const last = this.at + 10; this.at < last;) {
          const byte = this.bytes[this.at++];
          if (byte === undefined) return false;
          if (byte < 0x80) return true;
        }
        return false;
      case WireType.Bit64:
        this.at += 8;
        return true;
      case WireType.LengthDelimited: {
        const end = this.endOfValue();
        this.at = end;
        return end >= 0;
      }
      case WireType.Bit32:
        this.at += 4;
        return true;
      default:
        return false;
    }
  }
}
