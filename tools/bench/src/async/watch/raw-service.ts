import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { ServerWritableStream, UntypedHandleCall } from '@grpc/grpc-js';
import { OperationEventKind } from '@trivium/contracts/trivium/calls/v1/calls';
import {
  OperationLogDefinition,
  WatchOperationRequest,
  WatchOperationResponse,
} from '@trivium/contracts/trivium/operations/v1/operation_log';
import { answerService } from './answer-service.ts';
import { description, payload } from './watch-messages.ts';

/** Raw grpc-js that writes the same events to all streams, as a handler of generated code does. */
type Stream = ServerWritableStream<WatchOperationRequest, WatchOperationResponse>;
const streams = new Set<Stream>();
const server = new Server();
let sequence = 1n;

const eventNow = (): WatchOperationResponse =>
  WatchOperationResponse.fromPartial({
    event: {
      sequence,
      kind: OperationEventKind.OPERATION_EVENT_KIND_PROGRESS,
      time: new Date(),
      description,
      payload,
      attempt: 1,
    },
    kindName: 'TOLD',
  });

const watch = (stream: Stream): void => {
  streams.add(stream);
  stream.on('close', () => streams.delete(stream));
  stream.write(eventNow());
};
server.register(
  `/${OperationLogDefinition.fullName}/WatchOperation`,
  watch as UntypedHandleCall,
  (response: WatchOperationResponse) =>
    Buffer.from(WatchOperationResponse.encode(response).finish()),
  (bytes) => WatchOperationRequest.decode(bytes),
  'serverStream',
);
const port = await new Promise<number>((resolve, reject) => {
  server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
    error ? reject(error) : resolve(bound),
  );
});
answerService(`127.0.0.1:${port}`, () => {
  sequence++;
  const event = eventNow();
  for (const stream of streams) stream.write(event);
});
