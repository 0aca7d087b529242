import { createHash } from 'node:crypto';
import {
  type DescService,
  type FileRegistry,
  create,
  createFileRegistry,
} from '@bufbuild/protobuf';
import { type FileDescriptorProto, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { Code, RpcError } from '@trivium/rpc';
import { definedTypes, usedTypes } from './references.ts';

/** What a server offers, as it was at one moment. */
export interface Contract {
  readonly services: readonly DescService[];
  /** All types of the server's files. */
  readonly types: FileRegistry;
  /** The same for what is the same. */
  readonly fingerprint: string;
}

/** A file as a server sent it. */
interface SentFile {
  readonly descriptor: FileDescriptorProto;
  readonly bytes: Uint8Array;
}

/** Makes the contract of a server from the names of its services and its files, by their names, in any order. */
export function createContract(sent: {
  readonly services: readonly string[];
  readonly files: ReadonlyMap<string, SentFile>;
}): Contract {
  const types = registryOf(sent.files);
  const services = sent.services.map((name) => {
    const service = types.getService(name);
    if (service) return service;
    throw new RpcError(
      Code.FAILED_PRECONDITION,
      `Reflection lists ${name} and does not describe it`,
    );
  });
  return { services, types, fingerprint: fingerprint(sent) };
}

function registryOf(files: ReadonlyMap<string, SentFile>): FileRegistry {
  try {
    return createFileRegistry(create(FileDescriptorSetSchema, { file: importsFirst(files) }));
  } catch (cause) {
    const message = `The files of its reflection do not fit together: ${(cause as Error).message}`;
    throw new RpcError(Code.FAILED_PRECONDITION, message, { cause });
  }
}

/** Each file after all that it imports, whether it says so or not. */
function importsFirst(files: ReadonlyMap<string, SentFile>): FileDescriptorProto[] {
  const definedIn = new Map<string, string>();
  for (const [name, { descriptor }] of files) {
    for (const type of definedTypes(descriptor)) definedIn.set(type, name);
  }
  const ordered = new Set<FileDescriptorProto>();
  const onTheWay = new Set<string>();
  const visit = (name: string) => {
    const file = files.get(name)?.descriptor;
    if (!file || ordered.has(file)) return;
    if (onTheWay.has(name)) throw new Error(`${name} imports itself`);
    onTheWay.add(name);
    const used = usedTypes(file).map((type) => definedIn.get(type) ?? name);
    new Set([...file.dependency, ...used.filter((other) => other !== name)]).forEach(visit);
    onTheWay.delete(name);
    ordered.add(file);
  };
  [...files.keys()].sort().forEach(visit);
  return [...ordered];
}

function fingerprint({ services, files }: Parameters<typeof createContract>[0]): string {
  const hash = createHash('sha256');
  for (const name of services) hash.update(`${name}\n`);
  for (const name of [...files.keys()].sort()) hash.update(files.get(name)!.bytes);
  return hash.digest('hex');
}
