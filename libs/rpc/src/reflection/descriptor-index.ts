import type { DescriptorProto, FieldDescriptorProto } from '@bufbuild/protobuf/wkt';
import type { DescriptorFile } from './descriptor-files.ts';

/** Finds files of a descriptor set by what they define. Full names have no leading dot. */
export interface DescriptorIndex {
  fileByName(name: string): DescriptorFile | undefined;
  /** By the full name of a service, method, message, field, oneof, enum, enum value or extension. */
  fileBySymbol(fullName: string): DescriptorFile | undefined;
  fileByExtension(messageName: string, number: number): DescriptorFile | undefined;
  /** The numbers of all known extensions of a message, in order; undefined if there is no such message. */
  extensionNumbers(messageName: string): readonly number[] | undefined;
  /** The file, then all that it imports, directly or not; each file before those that it imports. */
  withDependencies(file: DescriptorFile): readonly DescriptorFile[];
}

/** Builds the index of a descriptor set's files. The first definition of a name wins. */
export function createDescriptorIndex(files: readonly DescriptorFile[]): DescriptorIndex {
  const byName = new Map<string, DescriptorFile>();
  const bySymbol = new Map<string, DescriptorFile>();
  const byExtension = new Map<string, Map<number, DescriptorFile>>();
  const messages = new Set<string>();

  for (const file of files) {
    byName.set(file.descriptor.name, file);
    for (const { symbol, extension, isMessage } of definitions(file)) {
      if (!bySymbol.has(symbol)) bySymbol.set(symbol, file);
      if (isMessage) messages.add(symbol);
      if (!extension) continue;
      const extendee = extension.extendee.replace(/^\./, '');
      const numbers = byExtension.get(extendee) ?? new Map<number, DescriptorFile>();
      byExtension.set(extendee, numbers.set(extension.number, file));
    }
  }

  return {
    fileByName: (name) => byName.get(name),
    fileBySymbol: (fullName) => bySymbol.get(fullName),
    fileByExtension: (messageName, number) => byExtension.get(messageName)?.get(number),
    extensionNumbers(messageName) {
      if (!messages.has(messageName)) return undefined;
      return [...(byExtension.get(messageName)?.keys() ?? [])].sort((a, b) => a - b);
    },
    withDependencies(file) {
      const found = new Set<DescriptorFile>();
      const visit = (each: DescriptorFile | undefined) => {
        if (!each || found.has(each)) return;
        for (const name of each.descriptor.dependency) visit(byName.get(name));
        found.add(each);
      };
      visit(file);
      return [...found].reverse();
    },
  };
}

interface Definition {
  readonly symbol: string;
  readonly extension?: FieldDescriptorProto;
  readonly isMessage?: boolean;
}

function* definitions({ descriptor }: DescriptorFile): Generator<Definition> {
  const scope = descriptor.package === '' ? '' : `${descriptor.package}.`;
  yield* typesIn(scope, descriptor.messageType, descriptor.enumType);
  yield* extensionsIn(scope, descriptor.extension);
  for (const service of descriptor.service) {
    yield { symbol: scope + service.name };
    for (const method of service.method) yield { symbol: `${scope}${service.name}.${method.name}` };
  }
}

function* typesIn(
  scope: string,
  messages: readonly DescriptorProto[],
  enums: DescriptorProto['enumType'],
): Generator<Definition> {
  for (const { name, value } of enums) {
    yield { symbol: scope + name };
    // The values of an enum are its siblings: `shop.v1.STATE_HELD`, not `shop.v1.State.STATE_HELD`.
    for (const { name: valueName } of value) yield { symbol: scope + valueName };
  }
  for (const message of messages) {
    const inner = `${scope}${message.name}.`;
    yield { symbol: scope + message.name, isMessage: true };
    for (const { name } of [...message.field, ...message.oneofDecl]) yield { symbol: inner + name };
    yield* extensionsIn(inner, message.extension);
    yield* typesIn(inner, message.nestedType, message.enumType);
  }
}

function* extensionsIn(
  scope: string,
  extensions: readonly FieldDescriptorProto[],
): Generator<Definition> {
  for (const extension of extensions) yield { symbol: scope + extension.name, extension };
}
