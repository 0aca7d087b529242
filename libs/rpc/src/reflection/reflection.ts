import { ServerReflectionDefinition } from '@trivium/contracts/grpc/reflection/v1/reflection';
import type {
  ServerReflectionRequest,
  ServerReflectionResponse,
} from '@trivium/contracts/grpc/reflection/v1/reflection';
import { ServerReflectionDefinition as AlphaDefinition } from '@trivium/contracts/grpc/reflection/v1alpha/reflection';
import { bind } from '../host/bind.ts';
import type { BoundService } from '../host/bind.ts';
import { Code } from '../error/code.ts';
import { contractFiles } from './descriptor-files.ts';
import type { DescriptorFile } from './descriptor-files.ts';
import { createDescriptorIndex } from './descriptor-index.ts';
import type { DescriptorIndex } from './descriptor-index.ts';

type Answer = ServerReflectionResponse['messageResponse'];

/**
 * The services `grpc.reflection.v1.ServerReflection` and its `v1alpha`, over all contracts: tools
 * learn from them what a server offers without having a proto file. `serviceNames` is asked anew on
 * each request to list. Descriptors are sent as the compiler wrote them, custom options included.
 * `descriptorSets` are contracts besides this project's own.
 */
export function reflectionServices(
  serviceNames: () => readonly string[],
  descriptorSets: readonly Uint8Array[] = [],
): BoundService[] {
  let index: DescriptorIndex | undefined;

  async function* serverReflectionInfo(
    requests: AsyncIterable<ServerReflectionRequest>,
  ): AsyncGenerator<ServerReflectionResponse> {
    index ??= createDescriptorIndex(contractFiles(descriptorSets));
    const sent = new Set<DescriptorFile>();
    for await (const request of requests) {
      const messageResponse = answer({ request, index, sent, serviceNames });
      yield { validHost: request.host, originalRequest: request, messageResponse };
    }
  }

  // The two versions differ in their package alone, so one handler serves both.
  return [
    bind(ServerReflectionDefinition, { serverReflectionInfo }),
    bind(AlphaDefinition, { serverReflectionInfo }),
  ];
}

interface Question {
  readonly request: ServerReflectionRequest;
  readonly index: DescriptorIndex;
  /** What this stream has been given already, and is not given again. */
  readonly sent: Set<DescriptorFile>;
  readonly serviceNames: () => readonly string[];
}

function answer({ request: { messageRequest }, index, sent, serviceNames }: Question): Answer {
  switch (messageRequest?.$case) {
    case 'listServices': {
      const service = [...serviceNames()].sort().map((name) => ({ name }));
      return { $case: 'listServicesResponse', value: { service } };
    }
    case 'fileByFilename': {
      const name = messageRequest.value;
      return fileAnswer(index.fileByName(name), `file ${name}`, { index, sent });
    }
    case 'fileContainingSymbol': {
      const symbol = messageRequest.value.replace(/^\./, '');
      return fileAnswer(index.fileBySymbol(symbol), `symbol ${symbol}`, { index, sent });
    }
    case 'fileContainingExtension': {
      const { extensionNumber } = messageRequest.value;
      const type = messageRequest.value.containingType.replace(/^\./, '');
      const file = index.fileByExtension(type, extensionNumber);
      return fileAnswer(file, `extension ${extensionNumber} of ${type}`, { index, sent });
    }
    case 'allExtensionNumbersOfType': {
      const baseTypeName = messageRequest.value.replace(/^\./, '');
      const extensionNumber = index.extensionNumbers(baseTypeName);
      if (!extensionNumber) return errorAnswer(Code.NOT_FOUND, `No message ${baseTypeName}`);
      const value = { baseTypeName, extensionNumber: [...extensionNumber] };
      return { $case: 'allExtensionNumbersResponse', value };
    }
    case undefined:
      return errorAnswer(Code.INVALID_ARGUMENT, 'The request asks for nothing known');
  }
}

function fileAnswer(
  file: DescriptorFile | undefined,
  what: string,
  { index, sent }: Pick<Question, 'index' | 'sent'>,
): Answer {
  if (!file) return errorAnswer(Code.NOT_FOUND, `No ${what}`);
  // The file that was asked for always comes, and first: clients read the answer from it.
  const files = index.withDependencies(file).filter((each) => each === file || !sent.has(each));
  for (const each of files) sent.add(each);
  const fileDescriptorProto = files.map(({ bytes }) => bytes);
  return { $case: 'fileDescriptorResponse', value: { fileDescriptorProto } };
}

function errorAnswer(errorCode: Code, errorMessage: string): Answer {
  return { $case: 'errorResponse', value: { errorCode, errorMessage } };
}
