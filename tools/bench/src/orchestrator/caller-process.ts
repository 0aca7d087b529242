import { Client, credentials } from '@grpc/grpc-js';
import {
  CatalogDefinition,
  GetProductRequest,
  GetProductResponse,
} from '@trivium/contracts/shop/catalog/v1/catalog';
import {
  CallRequest,
  CallResponse,
  CallsDefinition,
} from '@trivium/contracts/trivium/calls/v1/calls';
import { methodPath } from '@trivium/rpc';
import { closedLoop } from '../async/closed-loop.ts';
import { answerMessages } from '../load/answer-messages.ts';

/** Callers of the same method with raw grpc-js: `caller-process.ts HOW ADDRESS`; loads come over IPC. */
const [how, address = ''] = process.argv.slice(2);
const sku = 'MUG-STONE-01';
const client = new Client(address, credentials.createInsecure());

interface Message<T> {
  encode(message: T): { finish(): Uint8Array };
  decode(bytes: Uint8Array): T;
}

/** A unary call as generated code makes it: encoded and decoded anew each time. */
const unary =
  <Request, Response>(
    path: string,
    types: { request: Message<Request>; response: Message<Response> },
  ) =>
  (request: Request): Promise<Response> =>
    new Promise((resolve, reject) => {
      client.makeUnaryRequest(
        path,
        (message: Request) => Buffer.from(types.request.encode(message).finish()),
        (bytes) => types.response.decode(bytes),
        request,
        (error, response) => (error ? reject(error) : resolve(response as Response)),
      );
    });

const { getProduct } = CatalogDefinition.methods;
const direct = unary(methodPath(CatalogDefinition, 'getProduct'), {
  request: GetProductRequest,
  response: GetProductResponse,
});
const through = unary(methodPath(CallsDefinition, 'call'), {
  request: CallRequest,
  response: CallResponse,
});

async function callDirectly(): Promise<void> {
  const { product } = await direct({ sku });
  if (product?.sku !== sku) throw new Error(`Another product: ${product?.sku}`);
}

async function callThrough(): Promise<void> {
  const method = `${CatalogDefinition.fullName}/${getProduct.name}`;
  const { outcome } = await through(
    CallRequest.fromPartial({ call: { method, request: { sku } } }),
  );
  const response = outcome?.$case === 'response' ? outcome.value : undefined;
  if (response?.['product']?.sku !== sku) throw new Error(`Another product: ${String(outcome)}`);
}

const call = how === 'through' ? callThrough : callDirectly;
answerMessages((load: { callers: number; durationMs: number }) => closedLoop(call, load));
