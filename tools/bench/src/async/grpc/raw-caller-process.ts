import { Client, credentials } from '@grpc/grpc-js';
import { CallsDefinition } from '@trivium/contracts/trivium/calls/v1/calls';
import type { MethodDefinition, RequestOf, ResponseOf } from '@trivium/rpc';
import { answerMessages } from '../../load/answer-messages.ts';
import { closedLoop } from '../closed-loop.ts';
import type { DurableLoad } from '../closed-loop.ts';
import { TIMEOUT_MS, assertDone, callRequest, startRequest } from './requests.ts';

/** The same callers on raw grpc-js, as its generated clients call: `raw-caller-process.ts ADDRESS`. */
const [address = ''] = process.argv.slice(2);
const client = new Client(address, credentials.createInsecure());

function call<M extends MethodDefinition>(
  { name, requestType, responseType }: M,
  request: RequestOf<M>,
): Promise<ResponseOf<M>> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      `/${CallsDefinition.fullName}/${name}`,
      (value: RequestOf<M>) => Buffer.from(requestType.encode(value).finish()),
      (bytes) => responseType.decode(bytes) as ResponseOf<M>,
      request,
      { deadline: Date.now() + TIMEOUT_MS },
      (error, response) => (error ? reject(error) : resolve(response!)),
    );
  });
}

const { start, call: callMethod } = CallsDefinition.methods;
const kinds = {
  start: (requestId: string) => call(start, startRequest(requestId)),
  finish: async (requestId: string) => assertDone(await call(callMethod, callRequest(requestId))),
};

answerMessages((load: DurableLoad) => closedLoop(kinds[load.call], load));
