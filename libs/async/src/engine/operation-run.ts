import { Any } from '@trivium/contracts/google/protobuf/any';
import { Code, RpcError } from '@trivium/rpc';
import type { Logger, MethodDefinition, ResponseOf } from '@trivium/rpc';
import { encodeAny, toRecord } from '../operation/from-stored.ts';
import {
  engineClosed,
  operationCancelled,
  operationExpired,
} from '../operation/operation-errors.ts';
import { assertNewEvent } from '../operation/operation-event.ts';
import type { NewEvent } from '../operation/operation-event.ts';
import { operationName } from '../operation/operation-record.ts';
import type { OperationRecord, OperationResult } from '../operation/operation-record.ts';
import type { OperationStore } from '../store/operation-store.ts';
import type { Lease } from '../store/run-changes.ts';
import { LeaseLost } from '../store/store-errors.ts';
import type { StoredOperation } from '../store/stored.ts';
import { callStep, streamStep } from './call-step.ts';
import { startTimer } from './long-timer.ts';
import { endedRecord, lastChanges, toStoredEvent } from './run-events.ts';
import type { RunEnd } from './run-events.ts';
import { RunLog } from './run-log.ts';
import type { RunFailure, RunLogOwner } from './run-log.ts';
import type { RunHost } from './run-host.ts';
import { RunSignals } from './run-signals.ts';
import { RunSteps } from './run-steps.ts';
import type { Call, RunningOperation, Step, StreamCall, Work } from './running-operation.ts';
import { undoSteps } from './undo.ts';

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
export class OperationRun implements RunningOperation, RunLogOwner {
  readonly lease: Lease;
  readonly #host: RunHost;
  readonly #stored: StoredOperation;
  // Made when they are needed, as is what else few runs need: thousands may stand and wait.
  #ownLog: RunLog | undefined;
  #ownSignals: RunSignals | undefined;
  #ownSteps: RunSteps | undefined;
  #ownLogger: Logger | undefined;
  #deadlineTimer: { stop(): void } | undefined;
  #hasSettled = false;
  #standsStill = false;
  #isQuiet = false;
  #inFlight = 0;
  #end: RunEnd | undefined;

  constructor(operation: StoredOperation, { lease, host }: { lease: Lease; host: RunHost }) {
    this.lease = lease;
    this.#stored = operation;
    this.#host = host;
  }

  get #log(): RunLog {
    return (this.#ownLog ??= new RunLog(this));
  }

  get #signals(): RunSignals {
    return (this.#ownSignals ??= new RunSignals());
  }

  get #steps(): RunSteps {
    const { id, attempt } = this;
    return (this.#ownSteps ??= new RunSteps({
      ...{ id, attempt, log: this.#log, signals: this.#signals },
      rpcErrorOf: (error, fields) => this.#rpcErrorOf(error, fields),
    }));
  }

  get log(): Logger {
    const { name: operation, attempt } = this;
    return (this.#ownLogger ??= this.#host.log.child({ operation, attempt }));
  }

  get store(): OperationStore {
    return this.#host.store;
  }

  get name(): string {
    return operationName(this.#stored.id);
  }

  get id(): string {
    return this.#stored.id;
  }

  get kind(): string {
    return this.#stored.kind;
  }

  get request(): Uint8Array {
    return this.#stored.request;
  }

  get createTime(): Date {
    return new Date(this.#stored.createTimeMs);
  }

  get deadline(): Date | undefined {
    const { deadlineMs } = this.#stored;
    return deadlineMs === undefined ? undefined : new Date(deadlineMs);
  }

  get traceparent(): string | undefined {
    return this.#stored.traceparent;
  }

  get attempt(): number {
    return this.#stored.attempt;
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
    if (!this.#end) return undefined;
    return endedRecord(toRecord(this.#stored), { ...this.#end, metadata: this.#log.metadata });
  }

  get #isSuspended(): boolean {
    return this.#ownSignals?.reason('suspension') !== undefined;
  }

  /** Does the work, until the host is told that the run is quiet. */
  start(work: Work): void {
    const { cancelRequested, deadlineMs } = this.#stored;
    if (cancelRequested) this.cancel();
    if (deadlineMs !== undefined) {
      const leftMs = deadlineMs - this.#host.clock();
      if (leftMs <= 0) this.expire();
      else this.#deadlineTimer = startTimer(leftMs, () => this.expire());
    }
    const fail = (error: unknown): void => {
      void this.#settle({ $case: 'error', value: this.#failureOf(error).toStatus() });
    };
    const succeed = (value: Any): void => {
      try {
        void this.#settle({ $case: 'response', value: Any.fromPartial(value) });
      } catch (error) {
        fail(error);
      }
    };
    try {
      work(this).then(succeed, fail);
    } catch (error) {
      fail(error);
    }
  }

  onCommit(): void {
    this.#host.onCommit(this);
  }

  onFailure(failure: RunFailure): void {
    this.suspend();
    this.#host.onFailure(this, failure);
  }

  /** Aborts the signal; the work ends as it sees fit. */
  cancel(): void {
    this.#stopWith(operationCancelled());
  }

  /** As `cancel`, because the operation's deadline has passed. */
  expire(): void {
    this.#stopWith(operationExpired(this.deadline!));
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

  get #stop(): RpcError | undefined {
    return this.#ownSignals?.reason('stop');
  }

  #stopWith(reason: RpcError): void {
    if (!this.#isSuspended) this.#signals.abort('stop', reason);
  }

  async #settle(result: OperationResult): Promise<void> {
    this.#hasSettled = true;
    try {
      if (!this.#isSuspended) await this.#finish(result);
    } catch {
      // The log has told of it, and the run is suspended.
    }
    this.#becomeQuiet();
  }

  async #finish(settled: OperationResult): Promise<void> {
    const result = await this.#undone(settled);
    const isCancelled = this.#stop?.code === Code.CANCELLED;
    const recorded = await this.#log.record(lastChanges(result, { isCancelled }));
    this.#end = { result, isCancelled, recorded };
    this.onCommit();
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
    const stop = this.#stop;
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
    if (this.#isSuspended && this.#standsStill && this.#inFlight === 0) this.#becomeQuiet();
  }

  #becomeQuiet(): void {
    if (this.#isQuiet) return;
    this.#isQuiet = true;
    this.#deadlineTimer?.stop();
    this.#host.onQuiet(this);
  }

  #rpcErrorOf(error: unknown, fields: { step?: string } = {}): RpcError {
    const rpcError = RpcError.from(error);
    if (rpcError !== error && rpcError.code === Code.INTERNAL && !this.#isSuspended) {
      this.log.error({ err: error, ...fields }, 'the work of an operation failed unexpectedly');
    }
    return rpcError;
  }
}
