import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { checksum } from './checksum.ts';
import type { ChecksumPart } from './checksum.ts';

/** As it is defined: a line for each part, then the bytes. What is stored was summed so. */
function expected(parts: readonly ChecksumPart[]): number {
  const lines = parts.map((part) =>
    part instanceof Uint8Array ? `#${part.length}\n` : `${part ?? ''}\n`,
  );
  const bytes = parts.filter((part) => part instanceof Uint8Array);
  return crc32(Buffer.concat([Buffer.from(lines.join('')), ...bytes]));
}

it('is that of a line for each part and of all bytes, however long they are', () => {
  const long = fc.string({ unit: 'binary', minLength: 1_000, maxLength: 3_000 });
  const part = fc.oneof(
    ...[fc.string({ unit: 'binary' }), long, fc.integer(), fc.boolean()],
    fc.uint8Array({ maxLength: 50 }),
    fc.constantFrom(null, undefined),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      expect(checksum(...parts)).toBe(expected(parts));
    }),
  );
});

it('tells parts apart that are the same together', () => {
  expect(checksum('ab', 'c')).not.toBe(checksum('a', 'bc'));
  expect(checksum('a', null)).not.toBe(checksum('a'));
});
