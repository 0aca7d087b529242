import { Code, RpcError } from '@trivium/rpc';
import type { RegisteredMethod, ServiceRegistry } from '@trivium/registry';
import { firstValueFrom, fromEvent, map, merge, mergeMap, throwError } from 'rxjs';

/**
 * Waits for a method to be registered: after a restart the backends have yet to tell what they offer. Rejects with
 * `NOT_FOUND` once all have and none offers it, and with the signal's reason.
 */
export async function knownMethod(
  registry: ServiceRegistry,
  name: string,
  signal: AbortSignal,
): Promise<RegisteredMethod> {
  return until(registry, signal, () => registry.require(name));
}

/** Tries something that needs methods, again after each change of what is registered, while it fails with `UNAVAILABLE`. */
export async function until<T>(
  registry: ServiceRegistry,
  signal: AbortSignal,
  attempt: () => T,
): Promise<T> {
  for (;;) {
    signal.throwIfAborted();
    // Before the attempt: a change in between must not be missed.
    const changed = firstValueFrom(
      merge(
        registry.changes.pipe(map(() => undefined)),
        fromEvent(signal, 'abort').pipe(mergeMap(() => throwError(() => signal.reason as unknown))),
      ),
      { defaultValue: undefined },
    );
    changed.catch(() => undefined);
    try {
      return attempt();
    } catch (error) {
      if (RpcError.from(error).code !== Code.UNAVAILABLE) throw error;
      await changed;
    }
  }
}
