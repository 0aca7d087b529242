import { Any } from '@trivium/contracts/google/protobuf/any';
import { Code, RpcError } from '@trivium/rpc';
import type { Logger, MethodDefinition, ResponseOf } from '@trivium/rpc';
import { encodeAny } from '../operation/from-stored.ts';
import {
  engineClosed,
  operationCancelled,
  operationExpired,
} from '../operation/operation-errors.ts';
import { assertNewEvent } from '../operation/operation-event.ts';
import type { NewEvent } from '../operation/operation-event.ts';
import type { OperationRecord, OperationResult } from '../operation/operation-record.ts';
import type { OperationStore } from '../store/operation-store.ts';
import type { Lease } from '../store/run-changes.ts';
import { LeaseLost } from '../store/store-errors.ts';
import { callStep, streamStep } from './call-step.ts';
import { lastChanges, toStoredEvent } from './run-events.ts';
import { RunLog } from './run-log.ts';
import type { RunFailure } from './run-log.ts';
import { RunSignals } from './run-signals.ts';
import { RunSteps } from './run-steps.ts';
import type { Call, RunningOperation, Step, StreamCall, Work } from './running-operation.ts';
import { undoSteps } from './undo.ts';

/** What a run is made from. */
export interface OperationRunOptions {
  readonly record: OperationRecord;
  readonly lease: Lease;
  readonly store: OperationStore;
  readonly log: Logger;
  /** Told after each commit, since watchers may want to read. */
  readonly onCommit: () => void;
  /** Told when the run stands still because it can write no more. */
  readonly onFailure: (failure: RunFailure) => void;
}

/**
 * One attempt of one operation.
 *
 *     working ── the work settles ──▶ settled ── undone, if it failed; its result recorded ──▶ quiet
 *     working ── suspend() ─────────▶ suspended ── what is in flight settles ───────────────▶ quiet
 *     working or settled ── the store fails, or the lease is lost ──▶ suspended
 *
 * A suspended run records what a step in flight still achieves and nothing else: no failure, no
 * result. Its work gets no more answers from the engine and so stands still, rather than undoing
 * what the next attempt goes on with.
 */
export class OperationRun implements RunningOperation {
  readonly record: OperationRecord;
  readonly lease: Lease;
  readonly #engineLog: Logger;
  readonly #onCommit: () => void;
  readonly #log: RunLog;
  readonly #signals = new RunSignals();
  readonly #quiet = Promise.withResolvers<void>();
  #ownSteps: RunSteps | undefined;
  #ownLog: Logger | undefined;
  #hasSettled = false;
  #standsStill = false;
  #inFlight = 0;
  #ended: OperationRecord | undefined;

  constructor({ record, lease, store, log, onCommit, onFailure }: OperationRunOptions) {
    this.record = record;
    this.lease = lease;
    this.#engineLog = log;
    this.#onCommit = onCommit;
    this.#log = new RunLog({
      ...{ store, lease, log: () => this.log, onCommit },
      onFailure: (failure) => {
        this.suspend();
        onFailure(failure);
      },
    });
  }

  /** Made for the first step: there is work without any. */
  get #steps(): RunSteps {
    const { id, attempt } = this.record;
    return (this.#ownSteps ??= new RunSteps({
      ...{ id, attempt, log: this.#log, signals: this.#signals },
      rpcErrorOf: (error, fields) => this.#rpcErrorOf(error, fields),
    }));
  }

  /** Made when something is to be said: most runs have nothing to say. */
  get log(): Logger {
    const { name: operation, attempt } = this.record;
    return (this.#ownLog ??= this.#engineLog.child({ operation, attempt }));
  }

  get name(): string {
    return this.record.name;
  }

  get id(): string {
    return this.record.id;
  }

  get kind(): string {
    return this.record.kind;
  }

  get request(): Uint8Array {
    return this.record.request;
  }

  get createTime(): Date {
    return this.record.createTime;
  }

  get deadline(): Date | undefined {
    return this.record.deadline;
  }

  get traceparent(): string | undefined {
    return this.record.traceparent;
  }

  get attempt(): number {
    return this.record.attempt;
  }

  get signal(): AbortSignal {
    return this.#signals.of('stop', 'suspension');
  }

  /** The steps that are under way, for a person. */
  get waitingFor(): { readonly description: string; readonly since: Date } | undefined {
    return this.#ownSteps?.waitingFor;
  }

  /** The operation as it ended, once its result is on disk. */
  get ended(): OperationRecord | undefined {
    return this.#ended;
  }

  get #isSuspended(): boolean {
    return this.#signals.reason('suspension') !== undefined;
  }

  /** Does the work. Resolves once nothing of it runs any more; never rejects. */
  start(work: Work): Promise<void> {
    void this.#work(work);
    return this.#quiet.promise;
  }

  /** Aborts the signal; the work ends as it sees fit. */
  cancel(): void {
    this.#stopWith(operationCancelled());
  }

  /** As `cancel`, because the operation's deadline has passed. */
  expire(): void {
    this.#stopWith(operationExpired(this.record.deadline!));
  }

  /** Stops the run without a result. A step that may not be repeated is let to end by itself. */
  suspend(): void {
    if (this.#isSuspended) return;
    this.#signals.abort('suspension', engineClosed());
    this.#checkQuiet();
  }

  /** Suspends the run because its lease is somebody else's, as it learns when it writes. */
  loseLease(): void {
    this.#log.fail(new LeaseLost(this.lease));
  }

  /** Aborts what a suspended run has let to end by itself. */
  abandon(): void {
    this.#signals.abort('abandonment', engineClosed());
  }

  idempotencyKey(stepId: string): string {
    return this.#steps.idempotencyKey(stepId);
  }

  emit(event: NewEvent): Promise<number> {
    return this.#answer(async () => {
      assertNewEvent(event);
      const metadata = event.metadata && encodeAny(event.metadata);
      const events = [toStoredEvent(event, this.attempt)];
      return (await this.#log.record({ events, metadata })).lastSequence;
    });
  }

  setMetadata(metadata: Any): Promise<void> {
    return this.#answer(async () => {
      await this.#log.record({ metadata: encodeAny(metadata) });
    });
  }

  step<T>(id: string, step: Step<T>): Promise<T> {
    return this.#steps.once(id, () => this.#answer(() => this.#steps.run(id, step)));
  }

  call<M extends MethodDefinition>(id: string, call: Call<M>): Promise<ResponseOf<M>> {
    return this.step(id, callStep(call));
  }

  callStream<M extends MethodDefinition>(
    id: string,
    call: StreamCall<M>,
  ): Promise<ResponseOf<M> | undefined> {
    const tell = (progress: Uint8Array, event: NewEvent): Promise<unknown> =>
      this.#steps.progress(id, progress, event);
    const told = (): Promise<Uint8Array | undefined> => this.#steps.told(id);
    return this.step(id, streamStep(call, { tell, told }));
  }

  #stopWith(reason: RpcError): void {
    if (!this.#isSuspended) this.#signals.abort('stop', reason);
  }

  async #work(work: Work): Promise<void> {
    let result: OperationResult;
    try {
      result = { $case: 'response', value: Any.fromPartial(await work(this)) };
    } catch (error) {
      result = { $case: 'error', value: this.#failureOf(error).toStatus() };
    }
    this.#hasSettled = true;
    try {
      if (!this.#isSuspended) await this.#finish(result);
    } catch {
      // The log has told of it, and the run is suspended.
    }
    this.#quiet.resolve();
  }

  async #finish(settled: OperationResult): Promise<void> {
    const result = await this.#undone(settled);
    const stop = this.#signals.reason('stop');
    const isCancelled = stop?.code === Code.CANCELLED;
    const changes = lastChanges(result, { isCancelled });
    const { lastSequence, timeMs } = await this.#log.record(changes);
    const { metadata } = this.#log;
    this.#ended = {
      ...this.record,
      ...{ result, lastSequence, endTime: new Date(timeMs), owner: undefined },
      ...(metadata && { metadata: Any.decode(metadata) }),
      cancelRequested: this.record.cancelRequested || isCancelled,
    };
    this.#onCommit();
  }

  /** What the operation ends with, once nothing is left to undo. */
  #undone(settled: OperationResult): OperationResult | Promise<OperationResult> {
    if (!this.#ownSteps && this.attempt === 1) return settled;
    const [steps, signals] = [this.#steps, this.#signals];
    return undoSteps(settled, { steps, signals, log: () => this.log });
  }

  /** A cancelled call is how work learns of the deadline too. */
  #failureOf(error: unknown): RpcError {
    const rpcError = this.#rpcErrorOf(error);
    const stop = this.#signals.reason('stop');
    const isOfStop = rpcError.code === Code.CANCELLED || rpcError.code === Code.DEADLINE_EXCEEDED;
    return stop?.code === Code.DEADLINE_EXCEEDED && isOfStop ? stop : rpcError;
  }

  /** Gives the work an answer, unless the run is suspended by then: then it never settles. */
  async #answer<T>(act: () => Promise<T>): Promise<T> {
    if (this.#hasSettled) throw new Error(`The work of ${this.name} has ended.`);
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

  #rpcErrorOf(error: unknown, fields: { step?: string } = {}): RpcError {
    const rpcError = RpcError.from(error);
    if (rpcError !== error && rpcError.code === Code.INTERNAL && !this.#isSuspended) {
      this.log.error({ err: error, ...fields }, 'the work of an operation failed unexpectedly');
    }
    return rpcError;
  }
}
