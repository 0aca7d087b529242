import { BinaryWriter } from '@bufbuild/protobuf/wire';

/** How a field that has bytes begins: its number, and that a length follows. */
const tag = (fieldNumber: number) => (fieldNumber << 3) | 2;

/** The bytes of a message with this one field. */
export function field(fieldNumber: number, value: Uint8Array | string): Uint8Array {
  const writer = new BinaryWriter().uint32(tag(fieldNumber));
  return (typeof value === 'string' ? writer.string(value) : writer.bytes(value)).finish();
}

/** The bytes of a `google.protobuf.Struct` with one field, whose value is a `Value` as it is. */
export function structOf(key: string, value: Uint8Array): Uint8Array {
  return field(1, Buffer.concat([field(1, key), field(2, value)]));
}

/** The bytes of a `Value` that is this struct. */
export function structValue(struct: Uint8Array): Uint8Array {
  return field(5, struct);
}

/** The bytes of a `Struct` of structs, so many deep. */
export function nestedStruct(depth: number): Uint8Array {
  return nested(depth, (sizeBytes) => {
    const value = Buffer.concat([field(1, 'a'), head(2, head(5, sizeBytes).length + sizeBytes)]);
    const inner = Buffer.concat([value, head(5, sizeBytes)]);
    return Buffer.concat([head(1, inner.length + sizeBytes), inner]);
  });
}

/** The bytes of a `Struct` with a list of lists, so many deep. */
export function nestedList(depth: number): Uint8Array {
  const value = nested(depth, (sizeBytes) => {
    const inner = head(1, sizeBytes);
    return Buffer.concat([head(6, inner.length + sizeBytes), inner]);
  });
  return structOf('a', value);
}

/** From the inside out: each level says what stands before the one within, which has this size. */
function nested(depth: number, before: (sizeBytes: number) => Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  for (let level = 0; level < depth; level += 1) {
    const part = before(sizeBytes);
    parts.push(part);
    sizeBytes += part.length;
  }
  return Buffer.concat(parts.reverse());
}

function head(fieldNumber: number, sizeBytes: number): Uint8Array {
  return new BinaryWriter().uint32(tag(fieldNumber)).uint32(sizeBytes).finish();
}

/** Groups within groups, of a field that no message of ours has. */
export function nestedGroups(depth: number): Uint8Array {
  const writer = new BinaryWriter();
  for (let level = 0; level < depth; level += 1) writer.uint32((1_000 << 3) | 3);
  for (let level = 0; level < depth; level += 1) writer.uint32((1_000 << 3) | 4);
  return writer.finish();
}
