import { ScalarType } from '@bufbuild/protobuf';
import { WireType } from '@bufbuild/protobuf/wire';
import type { WireCursor } from './wire-cursor.ts';

/** A value as it stands in a message, after its tag. */
export interface WireCheck {
  readonly wireType: WireType;
  /** Steps over the value; whether it is one, and certainly valid. */
  readonly isValid: (cursor: WireCursor) => boolean;
}

/** A scalar's type; without one it is an enum's. */
interface OfScalar {
  readonly scalar?: ScalarType | undefined;
}

/** A scalar of which nothing is to be said. */
export function scalar({ scalar: type }: OfScalar): WireCheck {
  const wireType = wireTypeOf(type);
  return { wireType, isValid: (cursor) => cursor.skip(wireType) };
}

/** Scalars in a row, with one tag for all of them. */
export function packed(of: OfScalar): WireCheck {
  const one = scalar(of);
  return delimited((cursor, end) => {
    while (cursor.at < end) if (!one.isValid(cursor)) return false;
    return cursor.at === end;
  });
}

/** What has its length before it, and what is to be said of what is within. */
export function delimited(isValid: (cursor: WireCursor, end: number) => boolean): WireCheck {
  return {
    wireType: WireType.LengthDelimited,
    isValid(cursor) {
      const end = cursor.endOfValue();
      return end >= 0 && isValid(cursor, end);
    },
  };
}

function wireTypeOf(type: ScalarType | undefined): WireType {
  switch (type) {
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return WireType.LengthDelimited;
    case ScalarType.DOUBLE:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return WireType.Bit64;
    case ScalarType.FLOAT:
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
      return WireType.Bit32;
    default:
      return WireType.Varint;
  }
}
