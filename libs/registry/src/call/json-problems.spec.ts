import { type JsonObject, createRegistry } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, FieldMaskSchema, StructSchema } from '@bufbuild/protobuf/wkt';
import { jsonProblems } from './json-problems.ts';

const registry = createRegistry();
const problems = (json: JsonObject) => jsonProblems(FileDescriptorProtoSchema, json, registry);

it('has nothing to say of what fits, by JSON names and by those of the file', () => {
  expect(
    problems({ name: 'a.proto', messageType: [{ name: 'A' }], public_dependency: [1] }),
  ).toEqual([]);
});

it.each<[JsonObject, string, string]>([
  [{ name: 7 }, 'name', 'must be a text'],
  [{ dependency: 'a.proto' }, 'dependency', 'must be a list, each a text'],
  [{ dependency: ['a', null] }, 'dependency[1]', 'must be a text'],
  [{ publicDependency: [1.5] }, 'publicDependency[0]', 'must be a whole number of 32 bits'],
  [{ options: [] }, 'options', 'must be an object: a google.protobuf.FileOptions'],
  [{ options: 7 }, 'options', 'must be an object: a google.protobuf.FileOptions'],
])('says of %j that %s %s', (json, field, description) => {
  const [first] = problems(json);
  expect(first?.field).toBe(field);
  expect(first?.description).toBe(description);
});

it('says of a whole that is no message what it must be', () => {
  const found = jsonProblems(StructSchema, ['no struct'], registry);
  expect(found).toEqual([
    { field: '', description: expect.stringContaining('must be a google.protobuf.Struct in JSON') },
  ]);
  expect(jsonProblems(FieldMaskSchema, 7, registry)).toHaveLength(1);
});

it('stops after 20 problems', () => {
  const json = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`field${n}`, n]));
  expect(problems(json)).toHaveLength(20);
});
