import type { OperationDescription } from '@trivium/contracts/trivium/operations/v1/operation_log';
import { Code, RpcError } from '@trivium/rpc';
import type { Operations } from '../engine/operations.ts';

/** An operation as it is now; undefined if it was deleted since it was listed. */
export async function describeIfThere(
  operations: Pick<Operations, 'describe'>,
  name: string,
): Promise<OperationDescription | undefined> {
  try {
    return await operations.describe(name);
  } catch (error) {
    if (RpcError.from(error).code === Code.NOT_FOUND) return undefined;
    throw error;
  }
}
