import { Code } from '../error/code.ts';
import { RpcError } from '../error/rpc-error.ts';
import type { MethodDefinition } from '../service-definition.ts';
import { strictReader } from '../strict-reader.ts';

/** The bytes of a request. Throws `INTERNAL` for what is none. */
export function encodeRequest({ requestType }: MethodDefinition, request: unknown): Buffer {
  try {
    const bytes = requestType.encode(requestType.fromPartial(request)).finish();
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  } catch (cause) {
    throw new RpcError(Code.INTERNAL, `The request is not a ${requestType.$type}`, { cause });
  }
}

/** The response in these bytes. Throws `INTERNAL` where there is none. */
export function decodeResponse({ responseType }: MethodDefinition, bytes: Buffer): unknown {
  try {
    return responseType.decode(strictReader(bytes));
  } catch (cause) {
    throw new RpcError(Code.INTERNAL, `The response is not a ${responseType.$type}`, { cause });
  }
}

/** As the table of status codes has it: https://grpc.io/docs/guides/status-codes */
export function cardinalityError(count: 'no' | 'more than one'): RpcError {
  return new RpcError(Code.UNIMPLEMENTED, `The server sent ${count} response to a call for one`);
}
