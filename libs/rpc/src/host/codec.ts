import { Code } from '../error/code.ts';
import { RpcError } from '../error/rpc-error.ts';
import type { MethodDefinition } from '../service-definition.ts';
import { strictReader } from '../strict-reader.ts';
import type { Validator } from '../validation/validator.ts';

/** Turns the bytes of a method's messages into values and back. */
export interface Codec {
  /**
   * Validates the bytes by the contract's rules and decodes them. Throws `INVALID_ARGUMENT` for a
   * broken rule, and `INTERNAL` for bytes that are no such message, as gRPC asks of servers.
   */
  decode(bytes: Buffer): unknown;
  /** Completes and encodes a response. Throws `RESOURCE_EXHAUSTED` for one above the limit. */
  encode(response: unknown): Buffer;
}

/** Creates the codec of a method. */
export function createCodec(
  { requestType, responseType }: MethodDefinition,
  options: { readonly validator: Validator; readonly maxMessageBytes: number },
): Codec {
  const { validator, maxMessageBytes } = options;
  return {
    decode(bytes) {
      const violation = validator.check(requestType.$type, bytes);
      if (violation) throw violation;
      try {
        return requestType.decode(strictReader(bytes));
      } catch (cause) {
        throw new RpcError(Code.INTERNAL, `The request is not a ${requestType.$type}`, { cause });
      }
    },
    encode(response) {
      const bytes = responseType.encode(responseType.fromPartial(response)).finish();
      if (bytes.length > maxMessageBytes) {
        throw new RpcError(
          Code.RESOURCE_EXHAUSTED,
          `The response has ${bytes.length} bytes; the limit is ${maxMessageBytes}`,
        );
      }
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    },
  };
}
