import { AsyncLocalStorage } from 'node:async_hooks';
import { ROOT_CONTEXT, type Context, type ContextManager } from '@opentelemetry/api';

/**
 * Creates what lets OpenTelemetry's active context follow `await`, timers and callbacks. It is apart
 * from that of `currentCall()`: work that is `detached` leaves its call, and stays in its trace.
 */
export function createContextManager(): ContextManager {
  const storage = new AsyncLocalStorage<Context>();

  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (context, work, thisArg, ...args) =>
      storage.run(context, () => Reflect.apply(work, thisArg, args) as ReturnType<typeof work>),
    bind<T>(context: Context, target: T): T {
      if (typeof target !== 'function') return target;
      const work = target as unknown as (...args: unknown[]) => unknown;
      return function (this: unknown, ...args: unknown[]) {
        return storage.run(context, () => Reflect.apply(work, this, args));
      } as T;
    },
    enable: () => manager,
    disable() {
      storage.disable();
      return manager;
    },
  };
  return manager;
}
