import { descriptorSetBase64 } from '@trivium/contracts';
import { fromBinary } from '@bufbuild/protobuf';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import type { FileDescriptorProto } from '@bufbuild/protobuf/wkt';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';

/** One file of a descriptor set. */
export interface DescriptorFile {
  /** The file's descriptor as the compiler wrote it, custom options and all. */
  readonly bytes: Buffer;
  /** The same, decoded, to look into. */
  readonly descriptor: FileDescriptorProto;
}

/**
 * The files of all contracts: this project's own, and those of further descriptor sets. Of two files with the same name
 * the first stays.
 */
export function contractFiles(descriptorSets: readonly Uint8Array[]): DescriptorFile[] {
  const byName = new Map<string, DescriptorFile>();
  for (const set of [Buffer.from(descriptorSetBase64, 'base64'), ...descriptorSets]) {
    for (const file of descriptorFiles(set)) {
      if (!byName.has(file.descriptor.name)) byName.set(file.descriptor.name, file);
    }
  }
  return [...byName.values()];
}

/** The field number of `FileDescriptorSet.file`. */
const FILE_FIELD = 1;

/**
 * Splits a serialized `google.protobuf.FileDescriptorSet` into its files, without encoding anything
 * anew: a runtime that does not know an option would drop it.
 */
export function descriptorFiles(descriptorSet: Uint8Array): DescriptorFile[] {
  const files: DescriptorFile[] = [];
  const reader = new BinaryReader(descriptorSet);
  while (reader.pos < reader.len) {
    const [fieldNumber, wireType] = reader.tag();
    if (fieldNumber !== FILE_FIELD || wireType !== WireType.LengthDelimited) {
      reader.skip(wireType, fieldNumber);
      continue;
    }
    const bytes = Buffer.from(reader.bytes());
    files.push({ bytes, descriptor: fromBinary(FileDescriptorProtoSchema, bytes) });
  }
  return files;
}
