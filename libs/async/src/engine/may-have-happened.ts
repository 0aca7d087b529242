import { Code } from '@trivium/rpc';
import type { RpcError } from '@trivium/rpc';

/** Codes with which a call says that it had no effect. With any other it may have had it. */
const definiteCodes: ReadonlySet<Code> = new Set([
  Code.INVALID_ARGUMENT,
  Code.NOT_FOUND,
  Code.ALREADY_EXISTS,
  Code.PERMISSION_DENIED,
  Code.UNAUTHENTICATED,
  Code.FAILED_PRECONDITION,
  Code.OUT_OF_RANGE,
  Code.UNIMPLEMENTED,
]);

/** Whether what failed with this error may have had its effect all the same. */
export function mayHaveHappened({ code }: Pick<RpcError, 'code'>): boolean {
  return !definiteCodes.has(code);
}
