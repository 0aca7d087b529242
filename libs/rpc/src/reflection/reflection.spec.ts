import { create, createFileRegistry, fromBinary, getOption, hasOption } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { descriptorSetBase64 } from '@trivium/contracts';
import { ServerReflectionDefinition } from '@trivium/contracts/grpc/reflection/v1/reflection';
import type {
  ServerReflectionRequest,
  ServerReflectionResponse,
} from '@trivium/contracts/grpc/reflection/v1/reflection';
import { ServerReflectionDefinition as AlphaDefinition } from '@trivium/contracts/grpc/reflection/v1alpha/reflection';
import { from, lastValueFrom, map, toArray } from 'rxjs';
import { createClient } from '../client/client.ts';
import type { Client } from '../client/client.ts';
import { Code } from '../error/code.ts';
import { closeAll, startEcho } from '../spec/echo.ts';

type Question = NonNullable<ServerReflectionRequest['messageRequest']>;

let client: Client<typeof ServerReflectionDefinition>;
let alphaClient: Client<typeof AlphaDefinition>;

beforeAll(async () => {
  const { channel } = await startEcho();
  client = createClient(ServerReflectionDefinition, channel);
  alphaClient = createClient(AlphaDefinition, channel);
});
afterAll(closeAll);

/** The answers to questions that are asked on one stream. */
function ask(...questions: Question[]): Promise<ServerReflectionResponse['messageResponse'][]> {
  const requests = from(questions).pipe(map((messageRequest) => ({ messageRequest })));
  const responses = client.serverReflectionInfo(requests);
  return lastValueFrom(
    responses.pipe(
      map(({ messageResponse }) => messageResponse),
      toArray(),
    ),
  );
}

function filesIn(answer: ServerReflectionResponse['messageResponse'] | undefined): Buffer[] {
  if (answer?.$case !== 'fileDescriptorResponse') throw new Error(JSON.stringify(answer));
  return answer.value.fileDescriptorProto;
}

function namesIn(answer: ServerReflectionResponse['messageResponse'] | undefined): string[] {
  return filesIn(answer).map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes).name);
}

it('lists the services of the host', async () => {
  const services = [
    'grpc.health.v1.Health',
    'grpc.reflection.v1.ServerReflection',
    'grpc.reflection.v1alpha.ServerReflection',
    'spec.v1.Echo',
  ];
  await expect(ask({ $case: 'listServices', value: '' })).resolves.toEqual([
    { $case: 'listServicesResponse', value: { service: services.map((name) => ({ name })) } },
  ]);
});

it.each([
  ['a service', 'shop.checkout.v1.Checkout', 'shop/checkout/v1/checkout.proto'],
  ['a method', 'shop.checkout.v1.Checkout.PlaceOrder', 'shop/checkout/v1/checkout.proto'],
  ['a message', 'shop.type.v1.Money', 'shop/type/v1/money.proto'],
  ['a nested message', 'google.rpc.BadRequest.FieldViolation', 'google/rpc/error_details.proto'],
  ['an enum', 'shop.inventory.v1.ReservationState', 'shop/inventory/v1/inventory.proto'],
  [
    'an enum value',
    'shop.inventory.v1.RESERVATION_STATE_HELD',
    'shop/inventory/v1/inventory.proto',
  ],
  [
    'a nested enum value',
    'grpc.health.v1.HealthCheckResponse.SERVING',
    'grpc/health/v1/health.proto',
  ],
  ['a field', 'shop.type.v1.Money.currency', 'shop/type/v1/money.proto'],
  ['a oneof', 'google.protobuf.Value.kind', 'google/protobuf/struct.proto'],
  ['an extension', 'buf.validate.field', 'buf/validate/validate.proto'],
  ['a name with a leading dot', '.shop.type.v1.Money', 'shop/type/v1/money.proto'],
])('finds the file of %s', async (_what, value, file) => {
  const [answer] = await ask({ $case: 'fileContainingSymbol', value });
  expect(namesIn(answer)[0]).toBe(file);
});

it('sends a file by its name, then all that it imports, importers first', async () => {
  const [answer] = await ask({ $case: 'fileByFilename', value: 'shop/catalog/v1/catalog.proto' });
  const names = namesIn(answer);
  expect(names[0]).toBe('shop/catalog/v1/catalog.proto');
  // By way of buf/validate/validate.proto.
  expect(names).toContain('google/protobuf/descriptor.proto');
  expect(new Set(names).size).toBe(names.length);
});

it('sends descriptors byte for byte as the compiler wrote them', async () => {
  const set = Buffer.from(descriptorSetBase64, 'base64');
  const [answer] = await ask({ $case: 'fileContainingSymbol', value: 'shop.checkout.v1.Checkout' });
  for (const bytes of filesIn(answer)) expect(set.includes(bytes)).toBe(true);
});

it('keeps custom options, so that a client sees the rules of a contract', async () => {
  const [answer] = await ask({ $case: 'fileByFilename', value: 'shop/catalog/v1/catalog.proto' });
  const files = filesIn(answer).map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes));
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: files.reverse() }));
  const rules = registry.getExtension('buf.validate.field')!;
  const { sku } = registry.getMessage('shop.catalog.v1.GetProductRequest')!.field;
  expect(hasOption(sku!, rules)).toBe(true);
  expect(JSON.stringify(getOption(sku!, rules))).toContain('^[A-Z0-9]');
});

it('does not send again what the stream has been given, except what is asked for', async () => {
  const [first, second, again] = await ask(
    { $case: 'fileByFilename', value: 'shop/catalog/v1/catalog.proto' },
    { $case: 'fileByFilename', value: 'shop/inventory/v1/inventory.proto' },
    { $case: 'fileByFilename', value: 'shop/catalog/v1/catalog.proto' },
  );
  expect(namesIn(first)).toContain('buf/validate/validate.proto');
  expect(namesIn(second)).not.toContain('buf/validate/validate.proto');
  expect(namesIn(second)).toContain('shop/type/v1/line.proto');
  expect(namesIn(again)).toEqual(['shop/catalog/v1/catalog.proto']);
});

it('finds extensions by the message that they extend', async () => {
  const containingType = 'google.protobuf.FieldOptions';
  const [numbers, ...others] = await ask(
    { $case: 'allExtensionNumbersOfType', value: containingType },
    { $case: 'fileContainingExtension', value: { containingType, extensionNumber: 1159 } },
    { $case: 'allExtensionNumbersOfType', value: 'shop.type.v1.Money' },
  );
  expect(numbers).toEqual({
    $case: 'allExtensionNumbersResponse',
    value: { baseTypeName: containingType, extensionNumber: expect.arrayContaining([1052, 1159]) },
  });
  expect(namesIn(others[0])[0]).toBe('buf/validate/validate.proto');
  expect(others[1]).toMatchObject({ value: { extensionNumber: [] } });
});

it.each<[Question, string]>([
  [{ $case: 'fileByFilename', value: 'none.proto' }, 'No file none.proto'],
  [{ $case: 'fileContainingSymbol', value: 'none.v1.None' }, 'No symbol none.v1.None'],
  [
    { $case: 'fileContainingExtension', value: { containingType: 'a.B', extensionNumber: 7 } },
    'No extension 7 of a.B',
  ],
  [{ $case: 'allExtensionNumbersOfType', value: 'a.B' }, 'No message a.B'],
])('answers NOT_FOUND, and goes on, when asked for %p', async (question, errorMessage) => {
  const [answer, next] = await ask(question, { $case: 'listServices', value: '' });
  expect(answer).toEqual({
    $case: 'errorResponse',
    value: { errorCode: Code.NOT_FOUND, errorMessage },
  });
  expect(next?.$case).toBe('listServicesResponse');
});

it('answers a request for nothing, with what was asked', async () => {
  const responses = client.serverReflectionInfo(from([{ host: 'localhost' }]));
  await expect(lastValueFrom(responses)).resolves.toMatchObject({
    validHost: 'localhost',
    originalRequest: { host: 'localhost' },
    messageResponse: { $case: 'errorResponse', value: { errorCode: Code.INVALID_ARGUMENT } },
  });
});

it('speaks v1alpha as well, as older tools do', async () => {
  const messageRequest = { $case: 'fileContainingSymbol', value: 'shop.type.v1.Money' } as const;
  const { messageResponse } = await lastValueFrom(
    alphaClient.serverReflectionInfo(from([{ messageRequest }])),
  );
  expect(namesIn(messageResponse)[0]).toBe('shop/type/v1/money.proto');
});
