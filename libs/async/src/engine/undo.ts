import { setTimeout as delay } from 'node:timers/promises';
import { Empty } from '@trivium/contracts/google/protobuf/empty';
import { Code, codeName, errorInfo, RpcError } from '@trivium/rpc';
import type { Logger } from '@trivium/rpc';
import { domain } from '../operation/operation-errors.ts';
import { LifecycleKind } from '../operation/operation-event.ts';
import type { OperationResult } from '../operation/operation-record.ts';
import { mayHaveHappened } from './may-have-happened.ts';
import type { RunSignals } from './run-signals.ts';
import type { RunSteps } from './run-steps.ts';
import type { StepRun, Undo } from './running-operation.ts';

const defaultMaxAttempts = 8;
const firstBackOffMs = 100;
const maxBackOffMs = 10_000;

/** What undoing needs. */
export interface UndoOptions {
  readonly steps: RunSteps;
  readonly log: () => Logger;
  readonly signals: RunSignals;
}

/**
 * Undoes the steps of work that failed, the last one first, each as a step of its own, and gives
 * what the operation ends with: the failure, with one more detail for each step that could not be
 * undone. That the work failed is on disk before anything is undone.
 */
export async function undoSteps(
  settled: OperationResult,
  { steps, log, signals }: UndoOptions,
): Promise<OperationResult> {
  const begun = await steps.failure();
  if (!begun && (settled.$case === 'response' || steps.undos.length === 0)) return settled;
  const failure = begun ?? (await steps.beginUndoing(errorOf(settled)));
  const details = [...failure.details];
  for (const { step, undo } of steps.undos) {
    const error = await undoStep({ step, undo, steps, log, signals });
    if (!error) continue;
    const metadata = { step, code: codeName(error.code), message: error.message };
    details.push(errorInfo({ reason: 'UNDO_FAILED', domain, metadata }));
  }
  const value = new RpcError(failure.code, failure.message, { details }).toStatus();
  return { $case: 'error', value };
}

async function undoStep(
  options: UndoOptions & { step: string; undo: Undo },
): Promise<RpcError | undefined> {
  const { step, undo, steps, log } = options;
  const id = `undo/${step}`;
  const done = { kind: LifecycleKind.STEP_UNDONE, description: `Undone: ${step}` };
  try {
    await steps.run(
      id,
      {
        type: Empty,
        repeatable: true,
        evenIfCancelled: true,
        description: `undoing ${step}`,
        run: (signal, own) => repeated(own, { ...options, signal }),
        event: () => undo.event?.() ?? done,
        failureEvent: (error) => ({
          kind: LifecycleKind.UNDO_FAILED,
          description: `Cannot be undone: ${step}: ${error.message}`,
          error: error.toStatus(),
        }),
      },
      { isUndo: true },
    );
    return undefined;
  } catch (caught) {
    const error = RpcError.from(caught);
    if (options.signals.reason('suspension')) throw error;
    log().error({ err: error, step }, 'a step of an operation cannot be undone');
    return error;
  }
}

/** Tries until it works, or fails for good. */
async function repeated(
  own: StepRun,
  options: UndoOptions & { step: string; undo: Undo; signal: AbortSignal },
): Promise<Empty> {
  const { step, undo, log, signal } = options;
  const { maxAttempts = defaultMaxAttempts } = undo;
  for (let made = 1; ; made += 1) {
    try {
      await undo.run(signal, own);
      return {};
    } catch (caught) {
      const error = RpcError.from(caught);
      if (signal.aborted || made >= maxAttempts || !mayHeal(error)) throw error;
      log().warn({ err: caught, step, made }, 'undoing a step failed, and is tried again');
      const backOffMs = Math.min(maxBackOffMs, firstBackOffMs * 2 ** (made - 1));
      await delay(backOffMs * (0.5 + Math.random() / 2), undefined, { signal });
    }
  }
}

function mayHeal(error: RpcError): boolean {
  return mayHaveHappened(error) && error.code !== Code.DATA_LOSS;
}

function errorOf(result: OperationResult): RpcError {
  if (result.$case === 'response') throw new TypeError('It did not fail.');
  const { code, message, details } = result.value;
  return new RpcError(code as Code, message, { details });
}
