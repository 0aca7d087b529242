import { create, fromBinary } from '@bufbuild/protobuf';
import { type FileDescriptorProto, FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { type Channel, Code, RpcError } from '@trivium/rpc';
import { type Contract, createContract } from './contract.ts';
import { fillJsonNames } from './json-names.ts';
import { definedTypes, usedTypes } from './references.ts';
import { type Answer, type Question, ReflectionStream } from './reflection-stream.ts';

/** How a server is asked. */
export interface DiscoverOptions {
  readonly signal: AbortSignal;
  /** For all questions together, in milliseconds. */
  readonly timeoutMs: number;
}

/** More than any server has; one that sends file after file is not followed for ever. */
const MAX_FILES = 10_000;

/**
 * Asks a server what it serves, and for the files that describe it, by `grpc.reflection.v1`, or `v1alpha` where there is
 * no other. Rejects with an `RpcError`: `UNIMPLEMENTED` for a server without reflection, `FAILED_PRECONDITION` for one
 * whose files do not fit together.
 */
export async function discover(channel: Channel, options: DiscoverOptions): Promise<Contract> {
  try {
    return await discoverBy(channel, { ...options, version: 'v1' });
  } catch (error) {
    if (RpcError.from(error).code !== Code.UNIMPLEMENTED) throw error;
    return await discoverBy(channel, { ...options, version: 'v1alpha' });
  }
}

async function discoverBy(
  channel: Channel,
  options: DiscoverOptions & { readonly version: 'v1' | 'v1alpha' },
): Promise<Contract> {
  const stream = new ReflectionStream(channel, options);
  try {
    const services = await listServices(stream);
    const files = new Files(stream);
    for (const value of services) await files.add(bySymbol(value));
    await files.addMissing();
    return createContract({ services, files: files.found });
  } finally {
    stream.close();
  }
}

async function listServices(stream: ReflectionStream): Promise<string[]> {
  const answer = await stream.ask({ $case: 'listServices', value: '' });
  if (answer.$case !== 'listServicesResponse') throw unexpected(answer, 'its services');
  const names = answer.value.service.map(({ name }) => name);
  return names.filter((name) => !/^grpc\.(health|reflection|channelz)\./.test(name)).sort();
}

/** The files of a server, as they come in. */
class Files {
  readonly found = new Map<string, { descriptor: FileDescriptorProto; bytes: Uint8Array }>();
  readonly #stream: ReflectionStream;

  constructor(stream: ReflectionStream) {
    this.#stream = stream;
  }

  /** Asks for what must be there. */
  async add(question: Question): Promise<void> {
    const answer = await this.#stream.ask(question);
    if (answer.$case !== 'fileDescriptorResponse') throw unexpected(answer, String(question.value));
    for (const bytes of answer.value.fileDescriptorProto) {
      const descriptor = fromBinary(FileDescriptorProtoSchema, bytes);
      fillJsonNames(descriptor);
      this.found.set(descriptor.name, { descriptor, bytes });
    }
    if (this.found.size > MAX_FILES) {
      throw new RpcError(Code.RESOURCE_EXHAUSTED, `More than ${MAX_FILES} files by reflection`);
    }
  }

  /**
   * Some servers send a file alone, others with all that it imports; some have not all that their files import, or do not
   * say what they import.
   */
  async addMissing(): Promise<void> {
    const asked = new Set<string>();
    for (;;) {
      const files = [...this.found.values()].map(({ descriptor }) => descriptor);
      const defined = new Set(files.flatMap(definedTypes));
      const imports = files.flatMap(({ dependency }) => dependency);
      const questions = [
        ...imports.filter((name) => !this.found.has(name)).map(byName),
        ...files
          .flatMap(usedTypes)
          .filter((name) => !defined.has(name))
          .map(bySymbol),
      ].filter(({ value }) => !asked.has(value));
      if (questions.length === 0) break;
      for (const question of questions) {
        if (asked.has(question.value)) continue;
        asked.add(question.value);
        await this.#addIfKnown(question);
      }
    }
    this.#replaceUnknownImports();
  }

  async #addIfKnown(question: Question): Promise<void> {
    try {
      await this.add(question);
    } catch (error) {
      // Whether it was needed shows when the files are put together.
      if (!isUnknown(error)) throw error;
    }
  }

  /** What nobody has cannot be needed for more than an option. */
  #replaceUnknownImports(): void {
    for (const { descriptor } of this.found.values()) {
      for (const name of descriptor.dependency) {
        if (this.found.has(name)) continue;
        const empty = create(FileDescriptorProtoSchema, { name, syntax: 'proto3' });
        this.found.set(name, { descriptor: empty, bytes: new Uint8Array() });
      }
    }
  }
}

const byName = (value: string) => ({ $case: 'fileByFilename' as const, value });
const bySymbol = (value: string) => ({ $case: 'fileContainingSymbol' as const, value });

function isUnknown(error: unknown): boolean {
  const { code } = RpcError.from(error);
  return code === Code.NOT_FOUND || code === Code.INTERNAL || code === Code.INVALID_ARGUMENT;
}

function unexpected(answer: Answer, what: string): RpcError {
  const { errorCode, errorMessage } =
    answer.$case === 'errorResponse'
      ? answer.value
      : { errorCode: Code.INTERNAL as number, errorMessage: `it answered with ${answer.$case}` };
  const isCode = errorCode > 0 && errorCode <= 16;
  // As an answer within a stream that works it says nothing of the protocol's version.
  const code = isCode && errorCode !== Code.UNIMPLEMENTED ? errorCode : Code.INTERNAL;
  return new RpcError(code as Code, `Reflection does not tell ${what}: ${errorMessage}`);
}
