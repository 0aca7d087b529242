import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { file_buf_validate_validate } from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';
import { buf } from './buf.ts';
import { descriptorSetModule, descriptorSetOf } from './descriptor-set.ts';
import { thirdPartyFolder } from './paths.ts';
import { placeThirdPartyContracts } from './third-party.ts';

const printedPath = 'buf/validate/validate.proto';

it('prints a file whose names, numbers and types are those of the descriptor', () => {
  placeThirdPartyContracts(thirdPartyFolder);
  expect(readFileSync(join(thirdPartyFolder, printedPath), 'utf8')).toContain(
    'package buf.validate;',
  );
  const image = buf('build', '--as-file-descriptor-set', '--exclude-source-info', '-o', '-');
  const built = createFileRegistry(fromBinary(FileDescriptorSetSchema, image));
  const original = createFileRegistry(
    file_buf_validate_validate.proto,
    (path) => built.getFile(path)?.proto,
  );
  const members = (registry: typeof built) =>
    [...registry]
      .filter((type) => type.file.proto.name === printedPath)
      .flatMap((type) =>
        type.kind === 'message'
          ? type.fields.map(
              (field) => `${type.typeName} ${field.toString()} ${field.number} ${field.presence}`,
            )
          : [`${type.kind} ${type.typeName}`],
      )
      .sort();
  expect(members(original).length).toBeGreaterThan(100);
  expect(members(built)).toEqual(members(original));
});

it('reads a descriptor set back from its module', () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, index) => index % 256);
  expect(new Uint8Array(descriptorSetOf(descriptorSetModule(bytes)))).toEqual(bytes);
});
