import {
  HealthCheckResponse_ServingStatus as ServingStatus,
  HealthDefinition,
} from '@trivium/contracts/grpc/health/v1/health';
import { type Channel, Code, RpcError, createClient } from '@trivium/rpc';

/** What is asked for its health, and how. */
export interface HealthCheckOptions {
  readonly channel: Channel;
  /** The name of a service; the empty one is the whole server. */
  readonly service: string;
  /** How long it may take to say the first word, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Watches the health of a server until that ends, and resolves with the reason. */
export function watchHealth(
  { channel, service, timeoutMs, signal }: HealthCheckOptions,
  onStatus: (status: ServingStatus) => void,
): Promise<RpcError> {
  const { promise, resolve } = Promise.withResolvers<RpcError>();
  const silence = `it says nothing about its health within ${timeoutMs} ms`;
  const timer = setTimeout(() => end(Code.DEADLINE_EXCEEDED, silence), timeoutMs).unref();
  const watch = createClient(HealthDefinition, channel)
    .watch({ service }, { signal })
    .subscribe({
      next({ status }) {
        clearTimeout(timer);
        onStatus(status);
      },
      error: (error) => resolve(RpcError.from(error)),
      complete: () => end(Code.UNAVAILABLE, 'the watch of its health ended'),
    });
  return promise.finally(() => {
    clearTimeout(timer);
    watch.unsubscribe();
  });

  function end(code: Code, message: string): void {
    resolve(new RpcError(code, message));
  }
}

/** Whether a server answers a health check, whatever its answer. */
export async function answersHealthCheck(options: HealthCheckOptions): Promise<boolean> {
  const { channel, service, timeoutMs, signal } = options;
  const startedMs = performance.now();
  try {
    await createClient(HealthDefinition, channel).check({ service }, { timeoutMs, signal });
    return true;
  } catch (error) {
    const { code } = RpcError.from(error);
    if (code !== Code.DEADLINE_EXCEEDED) return code !== Code.UNAVAILABLE;
    // It was this process that stood still: the answer may be here, unread.
    const stoodStill = performance.now() - startedMs > 1.5 * timeoutMs;
    return stoodStill && !signal.aborted && answersHealthCheck(options);
  }
}

/** `NOT_SERVING`, for example. */
export function servingStatusName(status: ServingStatus): string {
  const name = Object.entries(ServingStatus).find(([, value]) => value === status)?.[0];
  return name ?? `unknown: ${status}`;
}
