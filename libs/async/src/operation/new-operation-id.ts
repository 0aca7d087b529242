import { randomFillSync } from 'node:crypto';

// One call for many ids: the call costs more than the bytes.
const pool = Buffer.allocUnsafe(4096);
let used = pool.length;

/** A new id that sorts by its time, in milliseconds of the epoch: a UUID version 7 (RFC 9562). */
export function newOperationId(nowMs: number): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const bytes = pool.subarray(used, (used += 16));
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
