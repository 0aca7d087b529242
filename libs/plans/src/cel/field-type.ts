import { CelScalar, listType, mapType, objectType, type CelType } from '@bufbuild/cel';
import { ScalarType, type DescField, type DescMessage } from '@bufbuild/protobuf';

const { BOOL, BYTES, DOUBLE, DYN, INT, STRING, UINT } = CelScalar;

/** The type that CEL has for a message: messages that stand for plain values are those values. */
export function messageType(desc: DescMessage): CelType {
  switch (desc.typeName) {
    case 'google.protobuf.Struct':
      return mapType(STRING, DYN);
    case 'google.protobuf.ListValue':
      return listType(DYN);
    // What is inside is known when it is there.
    case 'google.protobuf.Value':
    case 'google.protobuf.Any':
      return DYN;
  }
  // A wrapper that is not set is null, so that its type is not that of its value alone.
  if (/^google\.protobuf\.\w+Value$/.test(desc.typeName)) return DYN;
  return objectType(desc);
}

/** The type that CEL has for the value of a field. */
export function fieldType(field: DescField): CelType {
  switch (field.fieldKind) {
    case 'scalar':
      return scalarType(field.scalar);
    case 'enum':
      return INT;
    case 'message':
      return messageType(field.message);
    case 'list':
      return listType(elementType(field));
    case 'map':
      return mapType(scalarType(field.mapKey) as typeof STRING, elementType(field));
  }
}

function elementType(field: DescField & { fieldKind: 'list' | 'map' }): CelType {
  const { message, scalar } = field;
  if (message) return messageType(message);
  return scalar === undefined ? INT : scalarType(scalar);
}

/** The type that CEL has for a scalar of protobuf. */
export function scalarType(scalar: ScalarType): CelType {
  switch (scalar) {
    case ScalarType.BOOL:
      return BOOL;
    case ScalarType.STRING:
      return STRING;
    case ScalarType.BYTES:
      return BYTES;
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return DOUBLE;
    case ScalarType.UINT32:
    case ScalarType.UINT64:
    case ScalarType.FIXED32:
    case ScalarType.FIXED64:
      return UINT;
    default:
      return INT;
  }
}
