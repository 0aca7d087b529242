import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { UntypedHandleCall } from '@grpc/grpc-js';
import { CallsDefinition } from '@trivium/contracts/trivium/calls/v1/calls';
import type { MethodDefinition, RequestOf, ResponseOf } from '@trivium/rpc';
import { answerHostCommands } from './host-commands.ts';

/** A raw grpc-js server whose `Start` and `Call` answer at once. Tells its address over IPC. */
const server = new Server();

function serve<M extends MethodDefinition>(
  { name, requestType, responseType }: M,
  answer: (request: RequestOf<M>) => ResponseOf<M>,
): void {
  type Reply = (error: null, response: ResponseOf<M>) => void;
  const handle = ({ request }: { request: RequestOf<M> }, reply: Reply) =>
    reply(null, answer(request));
  server.register(
    `/${CallsDefinition.fullName}/${name}`,
    handle as UntypedHandleCall,
    (response: ResponseOf<M>) => Buffer.from(responseType.encode(response).finish()),
    (bytes) => requestType.decode(bytes) as RequestOf<M>,
    'unary',
  );
}

const { start, call } = CallsDefinition.methods;
serve(start, ({ requestId }) => ({ name: requestId, done: false }));
serve(call, ({ requestId }) => ({
  outcome: { $case: 'operation' as const, value: { name: requestId, done: true } },
}));

const port = await new Promise<number>((resolve, reject) => {
  server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
    error ? reject(error) : resolve(bound),
  );
});
answerHostCommands(async () => undefined);
process.send?.(`127.0.0.1:${port}`);
