import type { RpcError } from '@trivium/rpc';

/**
 * Why something of a run is told to stop: `stop` when the operation is cancelled or its deadline
 * passes, `suspension` when the run is to stand still, `abandonment` some time after that, when what
 * was let to end by itself has not.
 */
export type StopKind = 'stop' | 'suspension' | 'abandonment';

/** The signals of a run, each made when somebody wants it: most runs end without. */
export class RunSignals {
  #reasons: Map<StopKind, RpcError> | undefined;
  #controllers:
    Map<string, { kinds: readonly StopKind[]; controller: AbortController }> | undefined;

  /** Why everything of a kind is told to stop, if it is. */
  reason(kind: StopKind): RpcError | undefined {
    return this.#reasons?.get(kind);
  }

  /** A signal that aborts with the first reason of one of these kinds. */
  of(...kinds: readonly StopKind[]): AbortSignal {
    const key = kinds.join();
    const known = this.#controllers?.get(key);
    if (known) return known.controller.signal;
    const controller = new AbortController();
    (this.#controllers ??= new Map()).set(key, { kinds, controller });
    for (const [kind, reason] of this.#reasons ?? []) {
      if (kinds.includes(kind)) controller.abort(reason);
    }
    return controller.signal;
  }

  /** Tells everything of a kind to stop. */
  abort(kind: StopKind, reason: RpcError): void {
    if (this.#reasons?.has(kind)) return;
    (this.#reasons ??= new Map()).set(kind, reason);
    for (const { kinds, controller } of this.#controllers?.values() ?? []) {
      if (kinds.includes(kind)) controller.abort(reason);
    }
  }
}
