import { createFileRegistry, fromBinary, type DescMethod } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema, MethodOptions_IdempotencyLevel } from '@bufbuild/protobuf/wkt';
import { descriptorSetBase64 } from '@trivium/contracts';
import type { Methods, RegisteredMethod } from '@trivium/registry';

/** The types of all contracts of the repository. */
export const types = createFileRegistry(
  fromBinary(FileDescriptorSetSchema, Buffer.from(descriptorSetBase64, 'base64')),
);

const repetitions = {
  [MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS]: 'noSideEffects',
  [MethodOptions_IdempotencyLevel.IDEMPOTENT]: 'idempotent',
  [MethodOptions_IdempotencyLevel.IDEMPOTENCY_UNKNOWN]: 'unspecified',
} as const;

const all = new Map<string, RegisteredMethod>();
for (const { services } of types.files) {
  for (const service of services) {
    for (const descriptor of service.methods) {
      const name = `${service.typeName}/${descriptor.name}`;
      const repetition = repetitions[descriptor.idempotency];
      const backend = service.name.toLowerCase();
      all.set(name, { name, backend, repetition, descriptor, types });
    }
  }
}

/** Every method of the repository's contracts, as if it were registered. */
export const shopMethods: Methods = {
  find: (name) => all.get(name),
  list: () => [...all.values()],
};

/** The descriptor of a method of the repository's contracts. */
export const servedMethod = (name: string): DescMethod | undefined => all.get(name)?.descriptor;
