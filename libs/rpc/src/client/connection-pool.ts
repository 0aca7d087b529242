import { Connection } from './connection.ts';
import type { ConnectionOptions } from './connection.ts';
import type { GrpcCall } from './transport/grpc-call.ts';

/** How many calls a connection carries before another one is opened to share the load. */
const BUSY_IN_FLIGHT = 8;

/** With room for fewer calls than this, a connection is about to take no more: another is prepared. */
const LOW_ROOM = 300;

/** How long the connections beyond the first stay connected without calls. */
const EXTRA_IDLE_TIMEOUT_MS = 60_000;

/** What a pool is made from. */
export interface ConnectionPoolOptions extends Omit<ConnectionOptions, 'onIdle' | 'idleTimeoutMs'> {
  /** How many connections share the load at most. */
  readonly size: number;
}

/**
 * The connections to one server. Each call goes to the connected one with the fewest calls in
 * flight; another is opened when that one is busy, up to `size`. A quiet pool has one.
 *
 * A connection takes no more calls than could all be cancelled without its server closing it; see
 * `ResetBudget`. Where all are at that limit one more is opened, beyond `size` too, and the one that
 * has cancelled most is closed when its last call has ended.
 */
export class ConnectionPool {
  readonly #options: ConnectionPoolOptions;
  #connections: Connection[] = [];

  constructor(options: ConnectionPoolOptions) {
    this.#options = options;
    this.#add();
  }

  /** Whether calls can be sent at once; if not, it connects. */
  connect(): boolean {
    return this.#connections.some((each) => each.isReady) || this.#connections[0]!.connect();
  }

  createCall(path: string, deadline: number): GrpcCall {
    return this.#pick().createCall(path, deadline);
  }

  /** Lets open calls end, and takes no others. */
  close(): void {
    for (const connection of this.#connections) connection.close();
  }

  #pick(): Connection {
    let best: Connection | undefined;
    let bestIsReady = false;
    let hasSpare = false;
    for (const connection of this.#connections) {
      const { isReady, room } = connection;
      if (!isReady || room >= LOW_ROOM) hasSpare = true;
      if (room <= 0) continue;
      // Of those that are not connected, the first one waits for all.
      const isBetter = isReady
        ? !bestIsReady || connection.inFlight < best!.inFlight
        : best === undefined;
      if (isBetter) [best, bestIsReady] = [connection, isReady];
    }
    if (!best) return this.#add();
    if (!hasSpare) this.#add().connect();
    else if (bestIsReady && best.inFlight >= BUSY_IN_FLIGHT) this.#grow();
    return best;
  }

  #grow(): void {
    const sleeping = this.#connections.find((each) => !each.isReady);
    if (sleeping) sleeping.connect();
    else if (this.#connections.length < this.#options.size) this.#add().connect();
  }

  #add(): Connection {
    const isFirst = this.#connections.length === 0;
    const connection = new Connection({
      ...this.#options,
      idleTimeoutMs: isFirst ? 30 * 60_000 : EXTRA_IDLE_TIMEOUT_MS,
      onIdle: (idle) => this.#closeIfSurplus(idle),
    });
    this.#connections.push(connection);
    return connection;
  }

  #closeIfSurplus(idle: Connection): void {
    if (this.#connections.length <= this.#options.size) return;
    const others = this.#connections.filter((each) => each !== idle);
    const { room } = idle;
    // One that can cancel more than another is kept, even if nobody needs it right now.
    if (others.some((each) => each.inFlight + each.room < room)) return;
    this.#connections = others;
    idle.close();
  }
}
