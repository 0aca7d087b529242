import type { UndoContext } from '@trivium/parallel';
import type { OrderCalls } from './order-calls.ts';
import { mayHaveHappened } from './persist.ts';

type Undo = (context: UndoContext<{ readonly input: OrderCalls }>) => Promise<unknown>;

/** What undoes a step that was taken, and one that may have been: undoing is keyed by the order, too. */
export const undoneBy = (undo: Undo) => ({
  undo: (_value: unknown, context: Parameters<Undo>[0]) => undo(context),
  undoUnknown: (_reason: unknown, context: Parameters<Undo>[0]) => undo(context),
  mayHaveHappened,
});
