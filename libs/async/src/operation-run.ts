import { Any } from '@trivium/contracts/google/protobuf/any';
import { Code, RpcError } from '@trivium/rpc';
import type { Logger } from '@trivium/rpc';
import { DatabaseUnavailable } from '@trivium/sqlite';
import { engineClosed, operationCancelled } from './operation-errors.ts';
import { assertNewEvent, LifecycleKind } from './operation-event.ts';
import type { NewEvent } from './operation-event.ts';
import type { OperationLog, StepOutcome } from './operation-log.ts';
import type { OperationRecord, OperationResult } from './operation-record.ts';
import type { RunningOperation, Step, Work } from './running-operation.ts';

/** What a run is made from. */
export interface OperationRunOptions {
  readonly record: OperationRecord;
  readonly operationLog: OperationLog;
  readonly log: Logger;
  /** Told after each commit, since watchers may want to read. */
  readonly onCommit: () => void;
}

/**
 * One attempt of one operation.
 *
 *     working ── the work settles ──▶ settled ── its result is recorded ──▶ quiet
 *     working ── suspend() ─────────▶ suspended ── what is in flight settles ──▶ quiet
 *     working or settled ── the database fails ──▶ suspended
 *
 * A suspended run records what a step in flight still achieves and nothing else: no failure, no
 * result. Its work gets no more answers from the engine and so stands still, rather than undoing
 * what the next attempt goes on with.
 */
export class OperationRun implements RunningOperation {
  readonly name: string;
  readonly id: string;
  readonly request: Uint8Array;
  readonly createTime: Date;
  readonly attempt: number;
  readonly log: Logger;
  readonly #operationLog: OperationLog;
  readonly #onCommit: () => void;
  readonly #cancellation = new AbortController();
  readonly #suspension = new AbortController();
  readonly #steps = new Map<string, Promise<unknown>>();
  readonly #quiet = Promise.withResolvers<void>();
  #isCancelled = false;
  #hasSettled = false;
  #standsStill = false;
  #inFlight = 0;

  constructor({ record, operationLog, log, onCommit }: OperationRunOptions) {
    this.name = record.name;
    this.id = record.id;
    this.request = record.request;
    this.createTime = record.createTime;
    this.attempt = record.attempt;
    this.log = log.child({ operation: record.name, attempt: record.attempt });
    this.#operationLog = operationLog;
    this.#onCommit = onCommit;
  }

  get signal(): AbortSignal {
    return this.#cancellation.signal;
  }

  get #isSuspended(): boolean {
    return this.#suspension.signal.aborted;
  }

  /** Does the work. Resolves once nothing of it runs any more; never rejects. */
  start(work: Work): Promise<void> {
    void this.#work(work);
    return this.#quiet.promise;
  }

  /** Aborts the signal; the work ends as it sees fit. */
  cancel(): void {
    if (this.#isCancelled || this.#isSuspended) return;
    this.#isCancelled = true;
    this.#cancellation.abort(operationCancelled());
  }

  /** Stops the run without a result. */
  suspend(): void {
    if (this.#isSuspended) return;
    const reason = engineClosed();
    this.#suspension.abort(reason);
    this.#cancellation.abort(reason);
    this.#checkQuiet();
  }

  emit(event: NewEvent): Promise<number> {
    return this.#answer(async () => {
      assertNewEvent(event);
      const sequence = await this.#write(() => this.#operationLog.append(this, event));
      if (sequence === undefined) throw this.#ended();
      return sequence;
    });
  }

  setMetadata(metadata: Any): Promise<void> {
    return this.#answer(() => this.#write(() => this.#operationLog.setMetadata(this.id, metadata)));
  }

  step<T>(id: string, step: Step<T>): Promise<T> {
    const running = this.#steps.get(id);
    if (running) return running as Promise<T>;
    const started = this.#answer(() => this.#step(id, step));
    this.#steps.set(id, started);
    const forget = (): boolean => this.#steps.delete(id);
    started.then(forget, forget);
    return started;
  }

  async #step<T>(id: string, step: Step<T>): Promise<T> {
    const recorded = await this.#useLog(() => this.#operationLog.stepOutcome(this.id, id));
    if (recorded) return valueOf(recorded, step);
    if (this.#isCancelled && !step.evenIfCancelled) throw operationCancelled();
    const { outcome, event } = await this.#attempt(id, step);
    // The abort may be all that was wrong, so the next attempt runs the step again.
    if (outcome.error && this.#isSuspended) throw engineClosed();
    await this.#write(() => this.#operationLog.recordStep(this, { id, outcome, event }));
    return valueOf(outcome, step);
  }

  async #attempt<T>(
    id: string,
    step: Step<T>,
  ): Promise<{ outcome: StepOutcome; event?: NewEvent }> {
    const { signal } = step.evenIfCancelled ? this.#suspension : this.#cancellation;
    try {
      const value = step.type.encode(await step.run(signal)).finish();
      const event = step.event?.(step.type.decode(value));
      if (event) assertNewEvent(event);
      return { outcome: { value }, event };
    } catch (error) {
      return { outcome: { error: this.#rpcErrorOf(error, { step: id }).toStatus() } };
    }
  }

  async #work(work: Work): Promise<void> {
    let result: OperationResult;
    try {
      result = { $case: 'response', value: Any.fromPartial(await work(this)) };
    } catch (error) {
      result = { $case: 'error', value: this.#rpcErrorOf(error).toStatus() };
    }
    this.#hasSettled = true;
    if (!this.#isSuspended) await this.#finish(result);
    this.#quiet.resolve();
  }

  async #finish(result: OperationResult): Promise<void> {
    try {
      const event = lastEvent(result, { isCancelled: this.#isCancelled });
      await this.#write(() => this.#operationLog.finish(this, result, event));
    } catch (err) {
      this.log.error({ err }, 'the result of an operation could not be recorded');
    }
  }

  /** Gives the work an answer, unless the run is suspended by then: then it never settles. */
  async #answer<T>(act: () => Promise<T>): Promise<T> {
    if (this.#hasSettled) throw this.#ended();
    if (!this.#isSuspended) {
      this.#inFlight += 1;
      try {
        const answer = await act();
        if (!this.#isSuspended) return answer;
      } catch (error) {
        if (!this.#isSuspended) throw error;
      } finally {
        this.#inFlight -= 1;
      }
    }
    this.#standsStill = true;
    this.#checkQuiet();
    return new Promise<never>(() => undefined);
  }

  #checkQuiet(): void {
    if (this.#isSuspended && this.#standsStill && this.#inFlight === 0) this.#quiet.resolve();
  }

  async #write<T>(write: () => Promise<T>): Promise<T> {
    const written = await this.#useLog(write);
    this.#onCommit();
    return written;
  }

  /** Without its log an operation cannot go on, and cannot say so either. */
  async #useLog<T>(use: () => T | Promise<T>): Promise<T> {
    try {
      return await use();
    } catch (err) {
      if (isDatabaseFailure(err)) {
        this.log.error({ err }, 'an operation stands still until the next start of the process');
        this.suspend();
      }
      throw err;
    }
  }

  #rpcErrorOf(error: unknown, fields: { step?: string } = {}): RpcError {
    const rpcError = RpcError.from(error);
    if (rpcError !== error && rpcError.code === Code.INTERNAL && !this.#isSuspended) {
      this.log.error({ err: error, ...fields }, 'the work of an operation failed unexpectedly');
    }
    return rpcError;
  }

  #ended(): Error {
    return new Error(`The work of ${this.name} has ended.`);
  }
}

/** Through its bytes in the first attempt too, so that every attempt sees the same. */
function valueOf<T>({ value, error }: StepOutcome, { type }: Step<T>): T {
  if (value) return type.decode(value);
  throw new RpcError(error.code as Code, error.message, { details: error.details });
}

function lastEvent(result: OperationResult, { isCancelled }: { isCancelled: boolean }): NewEvent {
  if (result.$case === 'response') {
    return { kind: LifecycleKind.SUCCEEDED, description: 'Succeeded', payload: result.value };
  }
  const { code, message } = result.value;
  const wasCancelled = isCancelled && code === Code.CANCELLED;
  return {
    kind: wasCancelled ? LifecycleKind.CANCELLED : LifecycleKind.FAILED,
    description: message,
    error: result.value,
  };
}

function isDatabaseFailure(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return error instanceof DatabaseUnavailable || code === 'ERR_SQLITE_ERROR';
}
