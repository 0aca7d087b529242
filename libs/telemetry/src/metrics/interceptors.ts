import { Code, type ClientInterceptor, type HostInterceptor } from '@trivium/rpc';
import type { CallMetrics } from './call-metrics.ts';

/** Counts the calls that a host serves, from their arrival to their end as the caller sees it. */
export function countServed(metrics: CallMetrics): HostInterceptor {
  return (next) => (requests, call) => {
    const counts = metrics.of(call);
    counts.start();
    const { startedAtMs } = call;
    call.onEnd((error) => {
      counts.end(error?.code ?? Code.OK, (performance.now() - startedAtMs) / 1_000);
    });
    return next(requests, call);
  };
}

/** Counts the calls that a client makes: of one that is repeated, each attempt. */
export function countMade(metrics: CallMetrics): ClientInterceptor {
  return (next) => (request, call) => {
    const counts = metrics.of(call);
    counts.start();
    const startedAtMs = performance.now();
    call.onEnd((error) => {
      counts.end(error?.code ?? Code.OK, (performance.now() - startedAtMs) / 1_000);
    });
    return next(request, call);
  };
}
