import { setTimeout as delay } from 'node:timers/promises';
import { HealthCheckResponse_ServingStatus as ServingStatus } from '@trivium/contracts/grpc/health/v1/health';
import {
  Bag,
  type Channel,
  type ChannelOptions,
  Code,
  codeName,
  detached,
  openChannel,
} from '@trivium/rpc';
import type { GrpcCall, PickedReplica, TakenCall } from './balanced-call.ts';
import { answersHealthCheck, servingStatusName, watchHealth } from './health-check.ts';

/** Whether calls go to a replica; see `Replica`. */
export type ReplicaState = 'connecting' | 'serving' | 'ejected' | 'out';

/** What is known of a replica. */
export interface ReplicaStatus {
  /** `host:port`. */
  readonly address: string;
  readonly state: ReplicaState;
  /** Why it is in this state. */
  readonly reason: string;
}

/** How the health of a replica is found out. */
export interface HealthOptions {
  /** What `grpc.health.v1.Health` is asked about. Default: the whole server. */
  readonly healthService: string;
  /** After how many failures in a row a replica is ejected. Default 5. */
  readonly ejectAfterFailures: number;
  /**
   * How long it is ejected the first time, in milliseconds; twice as long each further time, until a
   * call succeeds, and 5 minutes at most. Default 5,000.
   */
  readonly ejectionMs: number;
  /**
   * How long a replica may leave all calls unanswered before it is probed by a health check, and how
   * long it may take to answer that, in milliseconds. Default 1,000.
   */
  readonly probeTimeoutMs: number;
}

/** What a replica is made from. */
export interface ReplicaOptions {
  readonly address: string;
  readonly channel: ChannelOptions;
  readonly health: HealthOptions;
  /** Whether there are enough others to take this one out on a suspicion. */
  readonly maySuspect: () => boolean;
  readonly onChange: (status: ReplicaStatus) => void;
}

/** How calls end when a replica hangs, or is gone; a replica that fails otherwise does answer. */
const failures: ReadonlySet<Code> = new Set([Code.DEADLINE_EXCEEDED, Code.UNAVAILABLE]);

const INITIAL_BACK_OFF_MS = 100;
const MAX_BACK_OFF_MS = 5_000;
/** As in gRFC A50. */
const MAX_EJECTION_MS = 300_000;
/** For a connection, 5 s, and the first word on it. */
const WATCH_TIMEOUT_MS = 10_000;

/**
 * One server among several that serve the same, and what is known of it. Its health is watched for as
 * long as it is there; a server that has no health service counts as healthy.
 *
 *     connecting --SERVING, or no health service-------------> serving
 *     connecting --the watch fails, or says nothing----------> out
 *     any        --NOT_SERVING, SERVICE_UNKNOWN--------------> out
 *     serving    --the watch breaks--------------------------> connecting: watched again
 *     serving    --too many calls in a row fail--------------> ejected: probed by a health check
 *     serving    --no call is answered for a while-----------> serving: probed by a health check
 *     ejected    --the check was answered, the time is over--> serving
 *     serving, ejected --the check is not answered-----------> out: its calls end with UNAVAILABLE
 *     out        --connected and watched anew: SERVING-------> serving
 *
 * Where too many others are under suspicion, the fault is more likely with this process, the network
 * or the load. Then it is not ejected; and if it does not answer it is only connected to anew, and its
 * open calls are left to their deadlines.
 *
 * Source of the ejection: gRFC A50, and the consecutive failures of Envoy's outlier detection.
 */
export class Replica implements PickedReplica {
  readonly #options: ReplicaOptions;
  readonly #silenceTimer: NodeJS.Timeout;
  #channel: Channel;
  /** Aborts when the present channel is given up. */
  #connection = new AbortController();
  /** The calls on the present channel. */
  #open = new Bag<GrpcCall>();
  #state: ReplicaState = 'connecting';
  #reason = 'connecting';
  #isSuspected = false;
  #hasHealthService = true;
  #backOffMs = INITIAL_BACK_OFF_MS;
  #failuresInARow = 0;
  #ejectionsInARow = 0;
  #isProbing = false;
  /** Whether there have been calls since the last answer, and whether that was so a while ago too. */
  #awaitsAnswer = false;
  #awaitedAnswer = false;

  constructor(options: ReplicaOptions) {
    this.#options = options;
    this.#channel = openChannel(options.address, options.channel);
    const { probeTimeoutMs } = options.health;
    this.#silenceTimer = detached(() => setInterval(() => this.#checkSilence(), probeTimeoutMs));
    this.#silenceTimer.unref();
    this.#startWatching();
  }

  get status(): ReplicaStatus {
    return { address: this.#options.address, state: this.#state, reason: this.#reason };
  }

  /** Whether it does not serve because of how calls to it ended, and not for what it says itself. */
  get isSuspected(): boolean {
    return this.#isSuspected;
  }

  createCall(path: string, deadline: number): TakenCall {
    const call = this.#channel.createCall(path, deadline);
    this.#awaitsAnswer = true;
    const among = this.#open;
    const place = among.add(call);
    return {
      call,
      ended: (code) => {
        among.remove(place);
        // What was sent on a channel that has been given up says nothing about the present one.
        if (among === this.#open && this.#state === 'serving') this.#learn(code);
      },
    };
  }

  callAnswered(): void {
    this.#awaitsAnswer = false;
    this.#awaitedAnswer = false;
  }

  /** Open calls may finish. */
  close(): void {
    clearInterval(this.#silenceTimer);
    this.#connection.abort();
    this.#channel.close();
  }

  /** Outside of any call: what is known of a replica outlives the call that it was opened for. */
  #startWatching(): void {
    detached(() => void this.#keepWatching());
  }

  async #keepWatching(): Promise<void> {
    const channel = this.#channel;
    const { signal } = this.#connection;
    while (!signal.aborted) {
      const end = await watchHealth(this.#healthCheck(WATCH_TIMEOUT_MS), (status) =>
        this.#onHealth(status),
      );
      if (signal.aborted) return;
      if (end.code === Code.UNIMPLEMENTED) {
        this.#hasHealthService = false;
        return this.#become('serving', 'it has no health service');
      }
      const wasServing = this.#state === 'serving' || this.#state === 'ejected';
      this.#become(wasServing ? 'connecting' : 'out', end.message);
      await this.#backOff(signal);
      // At first without waiting: only an attempt that fails tells that the replica is gone, and why.
      while (!wasServing && !signal.aborted) {
        if (await isReady(channel, signal)) break;
      }
    }
  }

  #healthCheck(timeoutMs: number) {
    const { healthService: service } = this.#options.health;
    return { channel: this.#channel, service, timeoutMs, signal: this.#connection.signal };
  }

  #onHealth(status: ServingStatus): void {
    if (status !== ServingStatus.SERVING) {
      return this.#become('out', `its health is ${servingStatusName(status)}`);
    }
    this.#backOffMs = INITIAL_BACK_OFF_MS;
    this.#hasHealthService = true;
    this.#failuresInARow = 0;
    this.#become('serving', 'its health is SERVING');
  }

  #learn(code: Code): void {
    if (code === Code.CANCELLED) return;
    if (code !== Code.DEADLINE_EXCEEDED) this.callAnswered();
    if (!failures.has(code)) {
      this.#failuresInARow = 0;
      this.#ejectionsInARow = 0;
      return;
    }
    this.#failuresInARow += 1;
    if (this.#failuresInARow >= this.#options.health.ejectAfterFailures) {
      const reason = `${this.#failuresInARow} calls in a row failed, the last with ${codeName(code)}`;
      this.#failuresInARow = 0;
      detached(() => void this.#probe(reason, { ejects: true }));
    } else if (code === Code.UNAVAILABLE && !this.#hasHealthService) {
      // Without a watch nothing else tells that the connection is lost.
      this.#become('connecting', 'a call failed with UNAVAILABLE');
      this.#startWatching();
    }
  }

  #checkSilence(): void {
    const isSilent = this.#state === 'serving' && this.#awaitsAnswer;
    if (isSilent && this.#awaitedAnswer) void this.#probe('no call was answered');
    this.#awaitedAnswer = isSilent;
  }

  /** Finds out whether the replica answers at all. */
  async #probe(reason: string, { ejects = false } = {}): Promise<void> {
    if (this.#isProbing) return;
    this.#isProbing = true;
    const { signal } = this.#connection;
    const { ejectionMs, probeTimeoutMs } = this.#options.health;
    const isEjected = ejects && this.#options.maySuspect();
    if (isEjected) this.#become('ejected', reason, { isSuspected: true });
    const answers = await answersHealthCheck(this.#healthCheck(probeTimeoutMs));
    if (signal.aborted) return;
    this.#isProbing = false;
    this.callAnswered();
    if (!answers) {
      const silence = `a health check was not answered within ${probeTimeoutMs} ms`;
      return this.#reconnect(`${reason}, and ${silence}`);
    }
    if (!isEjected) return;
    const ejectedMs = Math.min(MAX_EJECTION_MS, ejectionMs * 2 ** this.#ejectionsInARow++);
    await delay(ejectedMs, undefined, { signal, ref: false }).catch(() => undefined);
    if (signal.aborted || this.#state !== 'ejected') return;
    this.#become('serving', 'it has been ejected for long enough');
  }

  /** A process that stands still, or a machine that is gone, is found to be back by a new connection. */
  #reconnect(reason: string): void {
    const isOut = this.#isSuspected || this.#options.maySuspect();
    const abandoned = isOut ? [...this.#open] : [];
    this.#connection.abort();
    this.#channel.close();
    this.#channel = openChannel(this.#options.address, this.#options.channel);
    this.#connection = new AbortController();
    this.#open = new Bag();
    this.#isProbing = false;
    this.#become(isOut ? 'out' : 'connecting', reason, { isSuspected: isOut });
    this.#startWatching();
    for (const call of abandoned) call.cancelWithStatus(Code.UNAVAILABLE, `Given up: ${reason}`);
  }

  async #backOff(signal: AbortSignal): Promise<void> {
    const backOffMs = Math.random() * this.#backOffMs;
    this.#backOffMs = Math.min(MAX_BACK_OFF_MS, 2 * this.#backOffMs);
    await delay(backOffMs, undefined, { signal, ref: false }).catch(() => undefined);
  }

  #become(state: ReplicaState, reason: string, { isSuspected = false } = {}): void {
    const isNews = state !== this.#state;
    this.#state = state;
    this.#reason = reason;
    this.#isSuspected = isSuspected || (state === 'out' && this.#isSuspected);
    if (isNews) this.#options.onChange(this.status);
  }
}

function isReady(channel: Channel, signal: AbortSignal): Promise<boolean> {
  return channel.ready({ timeoutMs: Infinity, signal }).then(
    () => true,
    () => false,
  );
}
