import type {
  DescriptorProto,
  FieldDescriptorProto,
  FileDescriptorProto,
} from '@bufbuild/protobuf/wkt';

/** The full names of the messages and enums that a file defines. */
export function definedTypes(file: FileDescriptorProto): string[] {
  const scope = file.package === '' ? '' : `${file.package}.`;
  const inMessage = (message: DescriptorProto, outer: string): string[] => {
    const name = outer + message.name;
    return [
      name,
      ...message.enumType.map((each) => `${name}.${each.name}`),
      ...message.nestedType.flatMap((each) => inMessage(each, `${name}.`)),
    ];
  };
  return [
    ...file.enumType.map(({ name }) => scope + name),
    ...file.messageType.flatMap((message) => inMessage(message, scope)),
  ];
}

/**
 * The full names of the messages and enums that a file uses. Not every server's files name all that they import:
 * protobuf.js, for one, makes descriptors without imports.
 */
export function usedTypes(file: FileDescriptorProto): string[] {
  const ofField = ({ typeName, extendee }: FieldDescriptorProto) => [typeName, extendee];
  const inMessage = (message: DescriptorProto): string[] => [
    ...message.field.flatMap(ofField),
    ...message.extension.flatMap(ofField),
    ...message.nestedType.flatMap(inMessage),
  ];
  const methods = file.service.flatMap(({ method }) => method);
  const names = [
    ...file.extension.flatMap(ofField),
    ...file.messageType.flatMap(inMessage),
    ...methods.flatMap(({ inputType, outputType }) => [inputType, outputType]),
  ];
  return [...new Set(names.map((name) => name.replace(/^\./, '')))].filter(Boolean);
}
