import { Code } from '../error/code.ts';
import { RpcError } from '../error/rpc-error.ts';
import type { MethodDefinition } from '../service-definition.ts';
import { strictReader } from '../strict-reader.ts';
import type { Validator } from '../validation/validator.ts';
import { encodeResponse, EncodedResponse } from './encoded-response.ts';
import { tooLarge } from './pushed-responses.ts';

/** Turns the bytes of a method's messages into values and back. */
export interface Codec {
  /**
   * Validates the bytes by the contract's rules and decodes them. Throws `INVALID_ARGUMENT` for a
   * broken rule, and `INTERNAL` for bytes that are no such message, as gRPC asks of servers.
   */
  decode(bytes: Buffer): unknown;
  /** Completes and encodes a response, unless it is encoded already. Throws `RESOURCE_EXHAUSTED` for one above the limit. */
  encode(response: unknown): Buffer;
  readonly maxMessageBytes: number;
}

/** Creates the codec of a method. */
export function createCodec(
  { requestType, responseType }: MethodDefinition,
  options: { readonly validator: Validator; readonly maxMessageBytes: number },
): Codec {
  const { validator, maxMessageBytes } = options;
  return {
    maxMessageBytes,
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
      const { bytes } =
        response instanceof EncodedResponse ? response : encodeResponse(responseType, response);
      if (bytes.length > maxMessageBytes) throw tooLarge(bytes.length, maxMessageBytes);
      return bytes;
    },
  };
}
