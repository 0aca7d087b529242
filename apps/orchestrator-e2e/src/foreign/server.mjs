// A gRPC service on plain grpc-js that knows nothing of this project: its contract comes from a descriptor set, and it
// answers reflection with that set's files. Arguments: the descriptor set, the address.
import { readFileSync } from 'node:fs';
import { Server, ServerCredentials, status } from '@grpc/grpc-js';
import { loadFileDescriptorSetFromBuffer, loadSync } from '@grpc/proto-loader';

const [setFile, address] = process.argv.slice(2);
const options = { keepCase: true, longs: String };
const set = readFileSync(setFile);
const weather = loadFileDescriptorSetFromBuffer(set, options)['weather.v1.Weather'];
const reflectionFile = new URL('../backend/protos/reflection.proto', import.meta.url).pathname;
const reflection = loadSync(reflectionFile, options)['grpc.reflection.v1.ServerReflection'];

const answer = ({ city }, hour) => {
  if (city === 'Atlantis') throw { code: status.NOT_FOUND, details: 'no weather in Atlantis' };
  const measured = String(9007199254740993n + BigInt(hour));
  return { city, degrees_celsius: 12.5, measured_at_second: measured };
};

const server = new Server();
server.addService(weather, {
  GetForecast({ request }, callback) {
    try {
      callback(null, answer(request, 0));
    } catch (error) {
      callback(error);
    }
  },
  FollowForecast(call) {
    for (const hour of [1, 2, 3]) call.write(answer(call.request, hour));
    call.end();
  },
});
server.addService(reflection, {
  ServerReflectionInfo(call) {
    call.on('data', ({ file_containing_symbol, file_by_filename }) => {
      const isNamed = file_containing_symbol || file_by_filename;
      const file_descriptor_proto = filesIn(set);
      call.write(
        isNamed
          ? { file_descriptor_response: { file_descriptor_proto } }
          : { list_services_response: { service: [{ name: 'weather.v1.Weather' }] } },
      );
    });
    call.on('end', () => call.end());
    call.on('error', () => undefined);
  },
});
server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  console.log(`listening ${address.replace(/:\d+$/, `:${port}`)}`);
});

/** The files of a set: each is a field of its own, with its length before it. */
function filesIn(bytes) {
  const files = [];
  for (let at = 0; at < bytes.length;) {
    at += 1;
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      length += (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    files.push(bytes.subarray(at, (at += length)));
  }
  return files;
}
