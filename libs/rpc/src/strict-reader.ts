import { BinaryReader, getTextEncoding } from '@bufbuild/protobuf/wire';

/**
 * A reader of a message that throws where a string is not UTF-8, as protobuf asks of parsers. The
 * generated code by itself puts U+FFFD in the place of what it cannot read.
 */
export function strictReader(bytes: Uint8Array): BinaryReader {
  return new BinaryReader(bytes, (text) => getTextEncoding().decodeUtf8(text, true));
}
