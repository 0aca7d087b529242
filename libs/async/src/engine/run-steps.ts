import type { RpcError } from '@trivium/rpc';
import { encodeAny, encodeStatus } from '../operation/from-stored.ts';
import { engineClosed, outcomeUnknown } from '../operation/operation-errors.ts';
import { assertNewEvent, LifecycleKind } from '../operation/operation-event.ts';
import type { NewEvent } from '../operation/operation-event.ts';
import type { StepChange } from '../store/run-changes.ts';
import { mayHaveHappened } from './may-have-happened.ts';
import { toStoredEvent } from './run-events.ts';
import { recordedError } from './run-log.ts';
import type { RunLog } from './run-log.ts';
import type { RunSignals } from './run-signals.ts';
import type { Step as PlainStep, StepType, Undo } from './running-operation.ts';

/** What the steps of a run are made from. */
export interface RunStepsOptions {
  /** The operation's id. */
  readonly id: string;
  readonly attempt: number;
  readonly log: RunLog;
  readonly signals: RunSignals;
  readonly rpcErrorOf: (error: unknown, fields: { step: string }) => RpcError;
}

/** A step, and what only the engine's own steps tell. */
interface Step<T> extends PlainStep<T> {
  /** What to tell when it failed, in the same commit. */
  failureEvent?(error: RpcError): NewEvent;
}

type AnyStep = Pick<Step<unknown>, 'evenIfCancelled' | 'repeatable' | 'method' | 'undo'>;

/** The step under which it is recorded that the work failed and is being undone. */
const undoingStep = 'trivium.undoing';

/**
 * The steps of one attempt:
 *
 *     unknown ──▶ started ──▶ recorded, with a value or an error
 *
 * A step that an earlier attempt recorded is not run. One that it started may have had its effect:
 * it runs again if it is repeatable, and else its outcome is recorded as unknown.
 */
export class RunSteps {
  readonly #options: RunStepsOptions;
  readonly #running = new Map<string, Promise<unknown>>();
  readonly #waits = new Map<string, { description: string; since: Date }>();
  readonly #undos: { readonly step: string; readonly undo: Undo }[] = [];

  constructor(options: RunStepsOptions) {
    this.#options = options;
  }

  /** What has been under way for longest, for a person. */
  get waitingFor(): { description: string; since: Date } | undefined {
    return this.#waits.values().next().value;
  }

  /** What undoes the steps that had their effect, or may have had it; the last one first. */
  get undos(): readonly { readonly step: string; readonly undo: Undo }[] {
    return this.#undos.toReversed();
  }

  idempotencyKey(stepId: string): string {
    return `${this.#options.id}/${stepId}`;
  }

  /** Starts what is not under way yet under this id. */
  once<T>(id: string, start: () => Promise<T>): Promise<T> {
    const running = this.#running.get(id);
    if (running) return running as Promise<T>;
    const started = start();
    this.#running.set(id, started);
    const forget = (): boolean => this.#running.delete(id);
    started.then(forget, forget);
    return started;
  }

  /** Runs a step, or gives what is recorded of it. */
  async run<T>(id: string, step: Step<T>, { isUndo = false } = {}): Promise<T> {
    const known = await this.#options.log.step(id);
    if (known && isRecorded(known)) {
      if (step.undo && mayNeedUndo(known)) this.#undos.push({ step: id, undo: step.undo });
      return valueOf(known, step.type);
    }
    if (known && !step.repeatable) throw await this.#recordUnknown(known, step);
    const refusal = await this.#refusal(step, isUndo);
    if (refusal) {
      if (known && step.undo) this.#undos.push({ step: id, undo: step.undo });
      throw refusal;
    }
    return valueOf(await this.#run(await this.#begin(id, step, known), step), step.type);
  }

  /** Records that the work failed, so that every later attempt undoes as well; gives the first failure. */
  async beginUndoing(failure: RpcError): Promise<RpcError> {
    const recorded = await this.failure();
    if (recorded) return recorded;
    const { attempt, log } = this.#options;
    const error = encodeStatus(failure.toStatus());
    const description = `What was done is being undone: ${failure.message}`;
    await log.record({
      steps: [{ id: undoingStep, attempt, startTimeMs: Date.now(), error }],
      events: [{ kind: LifecycleKind.UNDOING, description, attempt, error }],
    });
    return failure;
  }

  /** The failure that is being undone, if there is one. */
  async failure(): Promise<RpcError | undefined> {
    const known = await this.#options.log.step(undoingStep);
    return known?.error && recordedError(known.error);
  }

  /** Records how far a step under way has come, with the event that tells of it. */
  async progress(id: string, value: Uint8Array, event: NewEvent): Promise<void> {
    const { log, attempt } = this.#options;
    const known = (await log.step(progressOf(id))) ?? { startTimeMs: Date.now() };
    await log.record({
      steps: [{ ...known, id: progressOf(id), attempt, value }],
      events: [toStoredEvent(event, attempt)],
      metadata: event.metadata && encodeAny(event.metadata),
    });
  }

  /** How far a step had come. */
  async told(id: string): Promise<Uint8Array | undefined> {
    return (await this.#options.log.step(progressOf(id)))?.value;
  }

  /** Why a step that is not recorded must not run, if it must not. */
  async #refusal(step: AnyStep, isUndo: boolean): Promise<RpcError | undefined> {
    if (isUndo) return undefined;
    const stop = this.#options.signals.reason('stop');
    if (stop && !step.evenIfCancelled) return stop;
    // What is being undone goes no further, whatever the work decides this time.
    return this.failure();
  }

  /** Notes that a step begins: on disk before it does, if that may happen once only. */
  async #begin<T>(id: string, step: Step<T>, known: StepChange | undefined): Promise<StepChange> {
    const { attempt, log } = this.#options;
    const description = step.description ?? id;
    const started = { id, attempt, startTimeMs: Date.now(), description };
    const tell = (kind: string, text: string) => [{ kind, description: text, attempt }];
    if (known) {
      const text = `${step.method ?? id} was under way when its process ended; it is safe to repeat, and begins again`;
      await log.record({ steps: [started], events: tell(LifecycleKind.STEP_REPEATED, text) });
    } else if (step.repeatable) {
      // Nobody waits for it: what is lost with it is a line about a step that runs again anyway.
      log.record({ steps: [started] }).catch(() => undefined);
    } else {
      const text = `${step.method ?? id} begins; it is not safe to repeat`;
      await log.record({ steps: [started], events: tell(LifecycleKind.STEP_STARTED, text) });
    }
    return started;
  }

  async #run<T>(started: StepChange, step: Step<T>): Promise<StepChange> {
    const { id } = started;
    const { attempt, log, signals } = this.#options;
    this.#waits.set(id, { description: started.description!, since: new Date() });
    let recorded: StepChange;
    let event: NewEvent | undefined;
    try {
      const own = { attempt, idempotencyKey: this.idempotencyKey(id) };
      const value = step.type.encode(await step.run(this.#signalOf(step), own)).finish();
      event = step.event?.(step.type.decode(value));
      if (event && !step.failureEvent) assertNewEvent(event);
      recorded = { ...started, value };
    } catch (caught) {
      const error = this.#options.rpcErrorOf(caught, { step: id });
      // The abort may be all that was wrong, so the next attempt finds out.
      if (signals.reason('suspension')) throw engineClosed();
      event = step.failureEvent?.(error);
      recorded = { ...started, error: encodeStatus(error.toStatus()) };
    } finally {
      this.#waits.delete(id);
    }
    if (step.undo && mayNeedUndo(recorded)) this.#undos.push({ step: id, undo: step.undo });
    await log.record({
      steps: [recorded],
      ...(event && { events: [toStoredEvent(event, attempt)] }),
      ...(event?.metadata && { metadata: encodeAny(event.metadata) }),
    });
    return recorded;
  }

  #signalOf({ evenIfCancelled, repeatable }: AnyStep): AbortSignal {
    // What may not run again is let to end by itself when the engine closes.
    const end = repeatable ? 'suspension' : 'abandonment';
    const { signals } = this.#options;
    return evenIfCancelled ? signals.of(end) : signals.of('stop', end);
  }

  async #recordUnknown(known: StepChange, step: AnyStep): Promise<RpcError> {
    const { attempt, log } = this.#options;
    const { id, startTimeMs } = known;
    const method = step.method ?? id;
    const unknown = outcomeUnknown({ step: id, method, attempt: known.attempt, startTimeMs });
    const error = encodeStatus(unknown.toStatus());
    const description = `${unknown.message}, and its process ended; it is not safe to repeat, and is not called again`;
    await log.record({
      steps: [{ ...known, error }],
      events: [{ kind: LifecycleKind.OUTCOME_UNKNOWN, description, attempt, error }],
    });
    if (step.undo) this.#undos.push({ step: id, undo: step.undo });
    return unknown;
  }
}

function progressOf(stepId: string): string {
  return `trivium.progress/${stepId}`;
}

function isRecorded({ value, error }: StepChange): boolean {
  return value !== undefined || error !== undefined;
}

function mayNeedUndo({ error }: StepChange): boolean {
  return error === undefined || mayHaveHappened(recordedError(error));
}

/** Through its bytes in the first attempt too, so that every attempt sees the same. */
function valueOf<T>({ value, error }: StepChange, type: StepType<T>): T {
  if (value) return type.decode(value);
  throw recordedError(error!);
}
