import { OperationsDefinition } from '@trivium/contracts/google/longrunning/operations';
import type {
  Operation,
  WaitOperationRequest,
} from '@trivium/contracts/google/longrunning/operations';
import { OperationDescription } from '@trivium/contracts/trivium/operations/v1/operation_log';
import { bind, Code, durationToMs, packAny, RpcError } from '@trivium/rpc';
import type { BoundService, CallContext, Handlers } from '@trivium/rpc';
import { invalidArgument } from '../operation/operation-errors.ts';
import { toOperation } from '../operation/operation-record.ts';
import type { OperationRecord } from '../operation/operation-record.ts';
import { describeOperation } from '../engine/describe-operation.ts';
import type { Operations } from '../engine/operations.ts';
import { describeIfThere } from './describe-if-there.ts';

/** How long before a call's deadline a wait ends, so that its answer still arrives. */
const maxReplyMarginMs = 100;

/**
 * The standard service `google.longrunning.Operations` over an engine, complete (AIP-151).
 *
 * `ListOperations` takes the parent `operations` or none, and cannot return partial success
 * (`UNIMPLEMENTED`). `WaitOperation` ends after the shorter of its timeout and the call's deadline,
 * and early when the host drains, with the operation as it is then. The metadata of an operation whose
 * work sets none is its `trivium.operations.v1.OperationDescription`, which says what it waits for.
 */
export function operationsService(operations: Operations): BoundService {
  const show = async (record: OperationRecord): Promise<Operation> => {
    const operation = toOperation(record);
    if (operation.metadata) return operation;
    const description = record.result
      ? describeOperation(record, undefined)
      : await describeIfThere(operations, record.name);
    if (!description) return operation;
    return { ...operation, metadata: packAny(OperationDescription, description) };
  };
  const handlers: Handlers<typeof OperationsDefinition> = {
    getOperation: async ({ name }) => show(await operations.get(name)),

    listOperations: async ({ name, filter, pageSize, pageToken, returnPartialSuccess }) => {
      if (returnPartialSuccess) {
        throw new RpcError(Code.UNIMPLEMENTED, 'return_partial_success is not supported');
      }
      if (name !== '' && name !== 'operations') {
        throw invalidArgument('name', 'must be operations or empty');
      }
      const page = await operations.list({ filter, pageSize, pageToken });
      const shown = await Promise.all(page.operations.map(show));
      return { operations: shown, nextPageToken: page.nextPageToken };
    },

    waitOperation: async (request, call) => show(await waitForOperation(operations, request, call)),

    cancelOperation: async ({ name }) => {
      await operations.cancel(name);
      return {};
    },

    deleteOperation: async ({ name }) => {
      await operations.delete(name);
      return {};
    },
  };
  // A cancellation relieves a host; a wait costs it nothing, and lasts as long as it lasts.
  return bind(OperationsDefinition, handlers, {
    critical: ['cancelOperation', 'waitOperation'],
  });
}

async function waitForOperation(
  operations: Operations,
  { name, timeout }: WaitOperationRequest,
  call: CallContext,
): Promise<OperationRecord> {
  const givenMs = timeout ? durationToMs(timeout) : Infinity;
  if (givenMs < 0) throw invalidArgument('timeout', 'must not be negative');
  const leftMs = call.deadline - Date.now();
  const marginMs = Math.min(leftMs / 10, maxReplyMarginMs);
  const timeoutMs = Math.min(givenMs, leftMs - marginMs);
  const signal = AbortSignal.any([call.signal, call.draining]);
  try {
    return await operations.wait(name, { timeoutMs, signal });
  } catch (error) {
    if (call.draining.aborted && !call.signal.aborted) return operations.get(name);
    throw error;
  }
}
