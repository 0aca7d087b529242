import { create, createFileRegistry, setExtension } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { FieldDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import {
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FieldOptionsSchema,
  FileDescriptorSetSchema,
  MessageOptionsSchema,
  OneofOptionsSchema,
} from '@bufbuild/protobuf/wkt';
import {
  FieldRulesSchema,
  Ignore,
  MessageRulesSchema,
  OneofRulesSchema,
  field as fieldOption,
  message as messageOption,
  oneof as oneofOption,
} from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';
import { contractFiles } from '../reflection/descriptor-files.ts';

type Rules = MessageInitShape<typeof FieldRulesSchema>;
type Field = MessageInitShape<typeof FieldDescriptorProtoSchema>;

const field = (name: string, type: Type, rules?: Rules, more: Partial<Field> = {}): Field => {
  const options = create(FieldOptionsSchema);
  if (rules) setExtension(options, fieldOption, create(FieldRulesSchema, rules));
  return { name, type, label: Label.OPTIONAL, options, ...more } as Field;
};
const string = (name: string, value: object, more?: Partial<Field>): Field =>
  field(name, Type.STRING, { type: { case: 'string', value } }, more);
const list = (name: string, type: Type, value: object, more?: Partial<Field>): Field =>
  field(name, type, { type: { case: 'repeated', value } }, { label: Label.REPEATED, ...more });
const seconds = (count: number) => ({ seconds: BigInt(count), nanos: 0 });
const item = (value: object): Rules => ({ type: { case: 'string', value } });
const inner = { typeName: '.test.Inner' };
const duration = { typeName: '.google.protobuf.Duration' };
const ofOneof = { oneofIndex: 0 };

/** One of each kind of rule, those that a look does not understand included. */
const fields: readonly Field[] = [
  string('min', { minLen: 2n }),
  string('max', { maxLen: 3n }),
  string('bytes', { minBytes: 0n, maxBytes: 4n }),
  string('plain', { pattern: '^[A-Z][a-z0-9-]{0,3}$' }),
  string('or_nothing', { pattern: '^[a-z]*$', maxLen: 5n }),
  string('slow', { pattern: '^[a-z]*[a-z]*[a-z]*$' }),
  string('grouped', { pattern: '^(ab|cd)+$' }),
  string('same', { const: 'a' }),
  string('forced', { minLen: 1n }, { proto3Optional: true, oneofIndex: 1 }),
  field('set', Type.STRING, { required: true }),
  field('small', Type.INT32, {
    type: {
      case: 'int32',
      value: { greaterThan: { case: 'gt', value: 0 }, lessThan: { case: 'lte', value: 9 } },
    },
  }),
  field('outside', Type.INT64, {
    type: {
      case: 'int64',
      value: { greaterThan: { case: 'gt', value: 9n }, lessThan: { case: 'lt', value: 3n } },
    },
  }),
  field('natural', Type.INT64, {
    type: { case: 'int64', value: { greaterThan: { case: 'gte', value: 0n } } },
  }),
  field('unsigned', Type.UINT32, {
    type: { case: 'uint32', value: { lessThan: { case: 'lt', value: 100 } } },
  }),
  field('even', Type.INT32, {
    cel: [{ id: 'even', message: 'must be even', expression: 'this % 2 == 0' }],
  }),
  field('skipped', Type.STRING, { ...item({ minLen: 3n }), ignore: Ignore.IF_ZERO_VALUE }),
  field('inner', Type.MESSAGE, undefined, inner),
  field('needed', Type.MESSAGE, { required: true }, inner),
  field(
    'positive',
    Type.MESSAGE,
    {
      type: { case: 'duration', value: { greaterThan: { case: 'gt', value: seconds(0) } } },
    },
    duration,
  ),
  field(
    'short',
    Type.MESSAGE,
    {
      type: { case: 'duration', value: { lessThan: { case: 'lte', value: seconds(2) } } },
    },
    duration,
  ),
  field('truth', Type.BOOL, { type: { case: 'bool', value: { const: true } } }),
  list('names', Type.STRING, { minItems: 1n, maxItems: 2n, items: item({ minLen: 1n }) }),
  list('others', Type.STRING, { unique: true }),
  list('inners', Type.MESSAGE, { maxItems: 1n }, inner),
  list('numbers', Type.INT32, { maxItems: 1n }),
  field('free', Type.STRING, undefined, { label: Label.REPEATED }),
  field('one', Type.STRING, undefined, ofOneof),
  string('other', { maxLen: 2n }, ofOneof),
  field('third', Type.MESSAGE, undefined, { ...inner, ...ofOneof }),
  field('decided', Type.MESSAGE, undefined, { typeName: '.test.Decided' }),
  field('double', Type.DOUBLE),
  list('kinds', Type.ENUM, { maxItems: 2n }, { typeName: '.google.protobuf.NullValue' }),
  field('struct', Type.MESSAGE, { required: true }, { typeName: '.google.protobuf.Struct' }),
];

const oneofRules = create(OneofOptionsSchema);
setExtension(oneofRules, oneofOption, create(OneofRulesSchema, { required: true }));

const decided = create(MessageOptionsSchema);
setExtension(
  decided,
  messageOption,
  create(MessageRulesSchema, { cel: [{ id: 'a', message: 'no', expression: `this.name == 'a'` }] }),
);

/** Of each field its own message, since one that is not understood hides all others; and all of them. */
const messageTypes = [
  ...fields.map((each) => {
    const isOfChoice = each.oneofIndex === 0;
    const those = isOfChoice ? fields.filter(({ oneofIndex }) => oneofIndex === 0) : [each];
    return { name: `Of_${each.name}`, those, isOfChoice };
  }),
  { name: 'All', those: fields, isOfChoice: true },
].map(({ name, those, isOfChoice }) => ({
  name,
  field: those.map((each, index) => ({
    ...each,
    number: index + 1,
    ...(each.proto3Optional && { oneofIndex: isOfChoice ? 1 : 0 }),
  })),
  oneofDecl: [
    ...(isOfChoice ? [{ name: 'choice', options: oneofRules }] : []),
    ...those.flatMap(({ proto3Optional, name: of }) => (proto3Optional ? { name: `_${of}` } : [])),
  ],
}));

/** All contracts, and the types of `ruledTypes` in the package `test`. */
export const registry = createFileRegistry(
  create(FileDescriptorSetSchema, {
    file: [
      ...contractFiles([]).map(({ descriptor }) => descriptor),
      {
        name: 'test.proto',
        package: 'test',
        syntax: 'proto3',
        dependency: [
          'google/protobuf/duration.proto',
          'google/protobuf/struct.proto',
          'buf/validate/validate.proto',
        ],
        messageType: [
          {
            name: 'Inner',
            field: [
              { ...string('name', { minLen: 1n }), number: 1 },
              { ...field('again', Type.MESSAGE, undefined, inner), number: 2 },
            ],
          },
          {
            name: 'Decided',
            field: [{ ...field('name', Type.STRING), number: 1 }],
            options: decided,
          },
          ...messageTypes,
        ],
      },
    ],
  }),
);

/** The names of the types, each with a rule of its own kind, and of the one with all of them. */
export const ruledTypes: readonly string[] = messageTypes.map(({ name }) => `test.${name}`);
