import {
  type DescMethod,
  type FileRegistry,
  createFileRegistry,
  fromBinary,
} from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { descriptorSetBase64 } from '@trivium/contracts';
import { type Methods, fillJsonNames } from '@trivium/registry';

/** Finds the contract of a method (`package.Service/Method`) that a plan may serve. */
export type FindContract = (name: string) => DescMethod | undefined;

/**
 * Looks for contracts first in descriptor sets, then among this project's own, then among what backends offer: who
 * serves a method by a plan need not have a backend that serves it.
 */
export function createFindContract(options: {
  /** Serialized `FileDescriptorSet`s. */
  readonly descriptorSets: readonly Uint8Array[];
  readonly methods: Methods;
}): FindContract {
  const own = Buffer.from(descriptorSetBase64, 'base64');
  let registries: FileRegistry[] | undefined;
  return (name) => {
    registries ??= [...options.descriptorSets, own].map(registryOf);
    const [service = '', method = ''] = name.split('/');
    for (const registry of registries) {
      const found = registry.getService(service)?.methods.find((each) => each.name === method);
      if (found) return found;
    }
    return options.methods.find(name)?.descriptor;
  };
}

function registryOf(bytes: Uint8Array): FileRegistry {
  const set = fromBinary(FileDescriptorSetSchema, bytes);
  set.file.forEach(fillJsonNames);
  return createFileRegistry(set);
}
