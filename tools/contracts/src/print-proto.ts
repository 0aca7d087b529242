import {
  type DescEnum,
  type DescExtension,
  type DescField,
  type DescFile,
  type DescMessage,
  ScalarType,
} from '@bufbuild/protobuf';
import { FieldDescriptorProto_Label } from '@bufbuild/protobuf/wkt';

/**
 * Prints a proto2 file from its descriptor, without comments and custom options.
 *
 * buf needs third-party contracts as source; some packages carry only their descriptors. What is printed defines the
 * same names, numbers and types, which is all that an importing file sees.
 */
export function printProto(file: DescFile): string {
  return [
    `syntax = "proto2";`,
    `package ${file.proto.package};`,
    ...file.proto.dependency.map((path) => `import "${path}";`),
    ...file.enums.map(printEnum),
    ...file.messages.map(printMessage),
    ...file.extensions.map(printExtension),
    '',
  ].join('\n');
}

function printMessage(message: DescMessage): string {
  return [
    `message ${message.name} {`,
    ...message.nestedEnums.map(printEnum),
    ...message.nestedMessages.map(printMessage),
    ...message.members.map((member) =>
      member.kind === 'oneof'
        ? `oneof ${member.name} {\n${member.fields.map((field) => printField(field, '')).join('\n')}\n}`
        : printField(member, `${label(member)} `),
    ),
    ...message.nestedExtensions.map(printExtension),
    ...message.proto.extensionRange.map(
      ({ start, end }) => `extensions ${start} to ${lastNumber(end)};`,
    ),
    ...message.proto.reservedRange.map(
      ({ start, end }) => `reserved ${start} to ${lastNumber(end)};`,
    ),
    ...message.proto.reservedName.map((name) => `reserved "${name}";`),
    '}',
  ].join('\n');
}

/** Descriptors hold ranges half open, up to 2^29; sources hold them closed and call that end `max`. */
const lastNumber = (end: number): string => (end === 2 ** 29 ? 'max' : String(end - 1));

function printEnum(desc: DescEnum): string {
  const alias = desc.proto.options?.allowAlias ? ['option allow_alias = true;'] : [];
  return [
    `enum ${desc.name} {`,
    ...alias,
    ...desc.values.map((value) => `${value.name} = ${value.number};`),
    ...desc.proto.reservedRange.map(({ start, end }) => `reserved ${start} to ${end};`),
    ...desc.proto.reservedName.map((name) => `reserved "${name}";`),
    '}',
  ].join('\n');
}

const printExtension = (extension: DescExtension): string =>
  `extend .${extension.extendee.typeName} {\n${printField(extension, `${label(extension)} `)}\n}`;

function printField(field: DescField | DescExtension, prefix: string): string {
  if (field.fieldKind === 'map') {
    const value =
      field.mapKind === 'scalar' ? ScalarType[field.scalar].toLowerCase() : typeName(field);
    return `map<${ScalarType[field.mapKey].toLowerCase()}, ${value}> ${field.name} = ${field.number};`;
  }
  return `${prefix}${typeName(field)} ${field.name} = ${field.number};`;
}

function label(field: DescField | DescExtension): string {
  if (field.fieldKind === 'map') return '';
  if (field.fieldKind === 'list') return 'repeated';
  return field.proto.label === FieldDescriptorProto_Label.REQUIRED ? 'required' : 'optional';
}

function typeName(field: DescField | DescExtension): string {
  if (field.message) return `.${field.message.typeName}`;
  if (field.enum) return `.${field.enum.typeName}`;
  return ScalarType[field.scalar as ScalarType].toLowerCase();
}
