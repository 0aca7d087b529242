import { Metadata, status } from '@grpc/grpc-js';
import type { Channel, Code } from '@trivium/rpc';

/** A call as channels create them: bytes out, bytes in, a status. */
export type GrpcCall = ReturnType<Channel['createCall']>;

type Listener = Parameters<GrpcCall['start']>[1];
type StatusObject = Parameters<Listener['onReceiveStatus']>[0];

/** Where a call can go now, that it has to wait, why it can go nowhere, or how it ends in any case. */
export type Pick =
  | { readonly to: PickedReplica }
  | { readonly wait: true }
  | { readonly reason: string }
  | { readonly end: StatusObject };

/** A call that a replica has taken. */
export interface TakenCall {
  readonly call: GrpcCall;
  /** Takes note of how the call has ended; told once. */
  ended(code: Code): void;
}

/** A replica that takes calls. */
export interface PickedReplica {
  createCall(path: string, deadline: number): TakenCall;
  /** Takes note that the server has begun to answer a call. */
  callAnswered(): void;
}

/** What a call is made from. */
export interface BalancedCallOptions {
  readonly path: string;
  /** In epoch milliseconds. */
  readonly deadline: number;
  readonly pick: () => Pick;
  /** Runs the listener when another pick may have another outcome. Returns what takes it back. */
  readonly onChange: (listener: () => void) => () => void;
}

const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * A call that finds its replica when it starts. While it waits for one, what is sent is kept.
 *
 *     waiting --a replica takes it-----------------------------> open: all goes to and from the replica
 *     waiting --cancelled, the deadline passes, no replica-----> ended: with that status
 */
export class BalancedCall implements GrpcCall {
  readonly #options: BalancedCallOptions;
  /** What was asked of the call before there was a replica to ask it of. */
  readonly #asked: ((call: GrpcCall) => void)[] = [];
  #call: GrpcCall | undefined;
  #listener: Listener | undefined;
  #ended: StatusObject | undefined;
  #stopWaiting = () => {};

  constructor(options: BalancedCallOptions) {
    this.#options = options;
  }

  start(metadata: Metadata, listener: Listener): void {
    this.#listener = listener;
    if (this.#ended) return this.#tell(this.#ended);
    const waitForReady = metadata.getOptions().waitForReady === true;
    const isSettled = () => this.#tryStart(metadata, waitForReady);
    if (isSettled()) return;
    const remove = this.#options.onChange(() => {
      if (isSettled()) this.#stopWaiting();
    });
    const remainingMs = this.#options.deadline - Date.now();
    const timer =
      remainingMs <= MAX_TIMER_MS
        ? setTimeout(() => this.#end(status.DEADLINE_EXCEEDED, 'Deadline exceeded'), remainingMs)
        : undefined;
    this.#stopWaiting = () => {
      clearTimeout(timer);
      remove();
    };
  }

  cancelWithStatus(code: status, details: string): void {
    if (this.#call) this.#call.cancelWithStatus(code, details);
    else this.#end(code, details);
  }

  sendMessageWithContext(...message: Parameters<GrpcCall['sendMessageWithContext']>): void {
    this.#ask((call) => call.sendMessageWithContext(...message));
  }

  startRead(): void {
    this.#ask((call) => call.startRead());
  }

  halfClose(): void {
    this.#ask((call) => call.halfClose());
  }

  setCredentials(...credentials: Parameters<GrpcCall['setCredentials']>): void {
    this.#ask((call) => call.setCredentials(...credentials));
  }

  getPeer(): string {
    return this.#call?.getPeer() ?? 'unknown';
  }

  getCallNumber(): number {
    return this.#call?.getCallNumber() ?? -1;
  }

  getAuthContext(): ReturnType<GrpcCall['getAuthContext']> {
    return this.#call?.getAuthContext() ?? null;
  }

  /** Returns whether the call need not wait any longer. */
  #tryStart(metadata: Metadata, waitForReady: boolean): boolean {
    const picked = this.#options.pick();
    if ('to' in picked) {
      this.#open(picked.to, metadata);
    } else if ('end' in picked) {
      this.#endWith(picked.end);
    } else if ('reason' in picked && !waitForReady) {
      this.#end(status.UNAVAILABLE, picked.reason);
    } else {
      return false;
    }
    return true;
  }

  #open(replica: PickedReplica, metadata: Metadata): void {
    const listener = this.#listener!;
    const { path, deadline } = this.#options;
    const taken = replica.createCall(path, deadline);
    const { call } = taken;
    this.#call = call;
    call.start(metadata, {
      onReceiveMetadata(received) {
        replica.callAnswered();
        listener.onReceiveMetadata(received);
      },
      onReceiveMessage: (message) => listener.onReceiveMessage(message),
      onReceiveStatus(received) {
        // Cancelled by a caller whose own time was up at the same moment.
        const isLate = received.code === status.CANCELLED && Date.now() >= deadline;
        taken.ended((isLate ? status.DEADLINE_EXCEEDED : received.code) as Code);
        listener.onReceiveStatus(received);
      },
    });
    for (const ask of this.#asked.splice(0)) ask(call);
  }

  #ask(ask: (call: GrpcCall) => void): void {
    if (this.#call) ask(this.#call);
    else if (!this.#ended) this.#asked.push(ask);
  }

  #end(code: status, details: string): void {
    this.#endWith({ code, details, metadata: new Metadata() });
  }

  #endWith(ended: StatusObject): void {
    if (this.#ended || this.#call) return;
    this.#stopWaiting();
    this.#asked.length = 0;
    this.#ended = ended;
    if (this.#listener) this.#tell(ended);
  }

  /** Never while the call is being made: whoever makes it has more to do before it may end. */
  #tell(ended: StatusObject): void {
    process.nextTick(() => this.#listener!.onReceiveStatus(ended));
  }
}
