import { operationNotFound } from './operation-errors.ts';
import type { OperationEvent } from './operation-event.ts';
import type { OperationLog } from './operation-log.ts';
import { operationId } from './operation-record.ts';
import type { Wakeups } from './wakeups.ts';

const eventsPerPage = 100;

/**
 * The events of an operation after a sequence: those on disk, page by page as they are asked for,
 * then each one as it comes. Ends after the last event; throws the signal's reason when it aborts.
 */
export async function* followEvents(options: {
  name: string;
  after: number;
  signal: AbortSignal | undefined;
  operationLog: OperationLog;
  wakeups: Wakeups;
}): AsyncGenerator<OperationEvent, void, undefined> {
  const { name, after, signal, operationLog, wakeups } = options;
  const id = operationId(name);
  const wakeup = wakeups.listen(id);
  let sequence = after;
  try {
    for (;;) {
      signal?.throwIfAborted();
      const page = operationLog.events(id, { after: sequence, limit: eventsPerPage });
      for (const event of page) {
        signal?.throwIfAborted();
        yield event;
        if (event.last) return;
        sequence = event.sequence;
      }
      if (page.length > 0) continue;
      const record = operationLog.get(id);
      if (!record) throw operationNotFound(name);
      if (record.result && record.lastSequence <= sequence) return;
      await wakeup.next(signal);
    }
  } finally {
    wakeup.close();
  }
}
