import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { compareWith } from './breaking.ts';
import { buildDescriptorSet } from './descriptor-set.ts';
import { thirdPartyFolder } from './paths.ts';
import { placeThirdPartyContracts } from './third-party.ts';

let now: Uint8Array;
beforeAll(() => {
  placeThirdPartyContracts(thirdPartyFolder);
  now = buildDescriptorSet();
});

it('finds nothing when nothing has changed', () => {
  expect(() => compareWith(now)).not.toThrow();
});

it('finds a field that callers knew and that is gone', () => {
  const earlier = fromBinary(FileDescriptorSetSchema, now);
  const catalog = earlier.file.find(({ name }) => name === 'shop/catalog/v1/catalog.proto');
  const product = catalog?.messageType.find(({ name }) => name === 'Product');
  const [sku] = product?.field ?? [];
  product?.field.push({ ...sku!, name: 'ean', jsonName: 'ean', number: 99 });
  let found = '';
  try {
    compareWith(toBinary(FileDescriptorSetSchema, earlier));
  } catch (error) {
    found = String((error as { stdout: Buffer }).stdout);
  }
  expect(found).toContain('ean');
});
