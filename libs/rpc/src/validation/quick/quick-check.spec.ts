import { fromBinary } from '@bufbuild/protobuf';
import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { createValidator as createProtovalidate } from '@bufbuild/protovalidate';
import { GetProductRequest } from '@trivium/contracts/shop/catalog/v1/catalog';
import { CallRequest, StartRequest } from '@trivium/contracts/trivium/calls/v1/calls';
import fc from 'fast-check';
import { contractFiles } from '../../reflection/descriptor-files.ts';
import { registry, ruledTypes } from '../../spec/ruled-types.ts';
import { QuickCheck } from './quick-check.ts';

const rules = createProtovalidate({ registry });
const quick = new QuickCheck();
const typeOf = (name: string): DescMessage => registry.getMessage(name)!;

const texts = [
  '',
  'a',
  'ab',
  'abc',
  'Ab-1',
  'MUG-1',
  'é',
  'éé',
  '😀',
  'x'.repeat(64),
  'x'.repeat(501),
];
const numbers = [0, 1, 2, 3, 9, 10, 99, 100, 1_000, 2 ** 31, 2 ** 34, 2 ** 40, -1];

/** A field's value with its tag, more often right than wrong. */
function value(of: DescField, depth: number): fc.Arbitrary<Uint8Array> {
  const written = (wireType: WireType, write: (writer: BinaryWriter) => BinaryWriter) =>
    write(new BinaryWriter().tag(of.number, wireType)).finish();
  const text = fc
    .constantFrom(...texts)
    .map((each) => written(WireType.LengthDelimited, (writer) => writer.string(each)));
  const number = fc
    .constantFrom(...numbers)
    .map((each) => written(WireType.Varint, (writer) => writer.int64(each)));
  const bytes = fc
    .uint8Array({ maxLength: 6 })
    .map((each) => written(WireType.LengthDelimited, (writer) => writer.bytes(each)));
  const fixed = fc.constant(written(WireType.Bit32, (writer) => writer.fixed32(7)));
  const message = of.message && depth < 3 ? messageOf(of.message, depth + 1) : undefined;
  const nested = message?.map((each) =>
    written(WireType.LengthDelimited, (writer) => writer.bytes(each)),
  );
  const isNumber = of.scalar !== undefined && of.scalar !== 9 && of.scalar !== 12;
  const right = nested ?? (isNumber || of.enum ? number : text);
  return fc.oneof({ weight: 40, arbitrary: right }, text, number, bytes, fixed);
}

/** A message with most of its fields, some of them again. */
function messageOf(type: DescMessage, depth = 0): fc.Arbitrary<Uint8Array> {
  const parts = type.fields.map((each) =>
    fc.array(value(each, depth), {
      maxLength: each.fieldKind === 'list' ? 3 : 1,
      minLength: depth < 2 && each.oneof === undefined ? 1 : 0,
    }),
  );
  const extra = type.fields.length > 0 ? fc.constantFrom(...type.fields) : undefined;
  const again = extra
    ? fc.oneof(
        { weight: 9, arbitrary: fc.constant([]) },
        extra.chain((each) => fc.array(value(each, depth), { maxLength: 1 })),
      )
    : fc.constant([]);
  return fc
    .tuple(...parts, again)
    .chain((all) =>
      fc.shuffledSubarray(all.flat(), { minLength: Math.max(0, all.flat().length - 1) }),
    )
    .map((all) => Buffer.concat(all));
}

/** As the whole validator finds it; undefined for bytes that cannot be decoded. */
function isValid(type: DescMessage, bytes: Uint8Array): boolean | undefined {
  try {
    return rules.validate(type, fromBinary(type, bytes)).kind === 'valid';
  } catch {
    return undefined;
  }
}

const contracts = contractFiles([])
  .flatMap(({ descriptor }) =>
    descriptor.messageType.map(({ name }) => `${descriptor.package}.${name}`),
  )
  .filter((name) => /^(shop|trivium)\./.test(name));

/** With some bytes that are others. */
const edited = (message: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> =>
  fc
    .tuple(message, fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 40 })), { maxLength: 2 }))
    .map(([bytes, edits]) => {
      for (const [at, byte] of edits) bytes[at % Math.max(1, bytes.length)] = byte;
      return bytes;
    });

function expectSound(name: string): void {
  const type = typeOf(name);
  fc.assert(
    fc.property(edited(messageOf(type)), (bytes) => {
      if (quick.isValid(type, bytes))
        expect([name, isValid(type, bytes)]).not.toEqual([name, false]);
    }),
    { numRuns: 200 },
  );
}

it.each(ruledTypes)('finds nothing of %s valid that is not', expectSound);

it('finds nothing of any contract valid that is not', () => contracts.forEach(expectSound), 60_000);

it('finds those valid that are, where it understands the rules', () => {
  const understood = ruledTypes
    .map(typeOf)
    .filter((type) =>
      fc
        .sample(messageOf(type), { numRuns: 300, seed: 7 })
        .some((bytes) => quick.isValid(type, bytes)),
    )
    .map(({ name }) => name.slice('Of_'.length));
  expect(understood).toEqual([
    ...['min', 'max', 'bytes', 'plain', 'or_nothing', 'forced', 'small', 'natural', 'unsigned'],
    ...['inner', 'needed', 'positive', 'short', 'names', 'inners', 'free'],
    ...['one', 'other', 'third', 'decided', 'double', 'struct'],
  ]);
});

it('knows the requests that come most', () => {
  const call = { method: 'shop.catalog.v1.Catalog/GetProduct', request: { sku: 'MUG-1' } };
  const wait = { seconds: 10n, nanos: 0 };
  const requests = [
    [GetProductRequest, GetProductRequest.encode({ sku: 'MUG-1' })],
    [
      StartRequest,
      StartRequest.encode({
        requestId: 'r',
        work: { $case: 'call', value: call },
        timeout: { seconds: 1n, nanos: 5 },
      }),
    ],
    [CallRequest, CallRequest.encode({ requestId: 'r', call, wait, timeout: undefined })],
  ] as const;
  for (const [{ $type }, writer] of requests) {
    expect([$type, quick.isValid(typeOf($type), writer.finish())]).toEqual([$type, true]);
  }
});

it.each([
  ['cut off', [0x0a, 0x05, 0x41]],
  ['of another wire type', [0x08, 0x05]],
  ['a group', [0x0a, 0x02, 0x41, 0x31, 0x13, 0x14]],
  ['a tag without a number', [0x0a, 0x02, 0x41, 0x31, 0x02, 0x00]],
  ['longer than anything is', [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]],
  ['of more than there is', [0x0a, 0x03, 0x41, 0x31]],
  ['twice', [0x0a, 0x02, 0x41, 0x31, 0x0a, 0x02, 0x41, 0x31]],
])('knows nothing of bytes that are %s', (_, bytes) => {
  expect(quick.isValid(typeOf(GetProductRequest.$type), Uint8Array.from(bytes))).toBe(false);
});

// Decoders follow what is wrong in a field without rules beyond its end, and take the method for empty.
it.each([
  ['of another wire type', [0x12, 0x02, 0x08, 0x02]],
  ['of another wire type that looks well', [0x12, 0x02, 0x08, 0x00]],
  ['with an entry that is cut off', [0x12, 0x05, 0x0a, 0x03, 0xfd, 0x9d, 0x50]],
  ['with an entry that goes on', [0x12, 0x04, 0x0a, 0x04, 0x0a, 0x00]],
  ['with a key that goes on', [0x12, 0x05, 0x0a, 0x03, 0x0a, 0x02, 0x41]],
])('knows nothing of a struct %s', (_, struct) => {
  const bytes = Uint8Array.from([...struct, 0x0a, 0x03, 0x61, 0x2f, 0x62]);
  expect(quick.isValid(typeOf('trivium.calls.v1.MethodCall'), bytes)).toBe(false);
});

it('knows nothing of what is nested deeper than anybody nests', () => {
  const nested = (depth: number): Uint8Array => {
    const writer = new BinaryWriter().tag(1, WireType.LengthDelimited).string('A');
    if (depth === 1) return writer.finish();
    return writer
      .tag(2, WireType.LengthDelimited)
      .bytes(nested(depth - 1))
      .finish();
  };
  const valid = [1, 64, 65, 2_000].map((depth) =>
    quick.isValid(typeOf('test.Inner'), nested(depth)),
  );
  expect(valid).toEqual([true, true, false, false]);
});
