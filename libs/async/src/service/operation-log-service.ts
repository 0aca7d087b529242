import {
  OperationLogDefinition,
  WatchOperationResponse,
} from '@trivium/contracts/trivium/operations/v1/operation_log';
import { bind, type BoundService } from '@trivium/rpc';
import type { Operations } from '../engine/operations.ts';
import { invalidArgument } from '../operation/operation-errors.ts';
import { describeIfThere } from './describe-if-there.ts';
import { createEventStream } from './event-stream.ts';
import { watchResponse } from './watch-response.ts';

/** `trivium.operations.v1.OperationLog` over an engine: what the standard leaves out. */
export function operationLogService(operations: Operations): BoundService {
  const watch = createEventStream({
    operations,
    type: WatchOperationResponse,
    toResponse: watchResponse,
  });
  return bind(
    OperationLogDefinition,
    {
      describeOperation: async ({ name }) => ({ operation: await operations.describe(name) }),

      async describeOperations({ filter, pageSize, pageToken }) {
        const page = await operations.list({ filter, pageSize, pageToken });
        const described = page.operations.map(({ name }) => describeIfThere(operations, name));
        const found = (await Promise.all(described)).filter((each) => each !== undefined);
        return { operations: found, nextPageToken: page.nextPageToken };
      },

      watchOperation({ name, afterSequence }, call) {
        const after = Number(afterSequence);
        if (!Number.isSafeInteger(after)) {
          throw invalidArgument('after_sequence', 'must be a sequence that an event can have');
        }
        return watch(name, { after, call });
      },
    },
    // A watch only waits, and lasts as long as it lasts.
    { critical: ['watchOperation'] },
  );
}
