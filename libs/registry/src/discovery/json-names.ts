import type {
  DescriptorProto,
  FieldDescriptorProto,
  FileDescriptorProto,
} from '@bufbuild/protobuf/wkt';

/**
 * Fills in the JSON names of a file's fields. The descriptors inside generated code for C++, Python and others have
 * none, and what has no JSON name has no place in JSON.
 */
export function fillJsonNames({ messageType, extension }: FileDescriptorProto): void {
  fillFields(extension);
  messageType.forEach(fillMessage);
}

function fillMessage({ field, extension, nestedType }: DescriptorProto): void {
  fillFields(field);
  fillFields(extension);
  nestedType.forEach(fillMessage);
}

function fillFields(fields: readonly FieldDescriptorProto[]): void {
  for (const field of fields) if (field.jsonName === '') field.jsonName = jsonName(field.name);
}

/** As protoc does it: underscores go, and a letter after one becomes a capital. */
function jsonName(name: string): string {
  return name.replace(/_+(.?)/g, (_match, letter: string) => letter.toUpperCase());
}
