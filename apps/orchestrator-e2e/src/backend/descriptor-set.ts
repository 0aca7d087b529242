import { loadSync } from '@grpc/proto-loader';

/** The files that describe a service, serialized: what proto-loader keeps for reflection. */
export function filesOf(definition: object): Buffer[] {
  const types = Object.values(definition).map(({ requestType }) => requestType);
  return types[0].fileDescriptorProtos;
}

/** The contract in a proto file that imports nothing, as a serialized `FileDescriptorSet`. */
export function descriptorSetOf(path: string): Buffer {
  const contents = Object.values(loadSync(path, { keepCase: true }));
  const service = contents.find((each) => !('format' in each)) as object;
  return Buffer.concat(
    filesOf(service).flatMap((file) => [Buffer.from([0x0a]), varint(file.length), file]),
  );
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return Buffer.from([...bytes, rest]);
    bytes.push((rest & 0x7f) | 0x80);
  }
}
