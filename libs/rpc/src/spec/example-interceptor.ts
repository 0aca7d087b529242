import type { ClientInterceptor } from '../index.ts';

export const slowCalls: ClientInterceptor = (next) => (request, call) => {
  const startedAt = performance.now();
  call.onEnd((error) => {
    const ms = performance.now() - startedAt;
    if (ms > 1_000) console.warn(`${call.path} at ${call.target}: ${error ?? 'OK'} in ${ms} ms`);
  });
  return next(request, call);
};
