import type { RpcError } from '../error/rpc-error.ts';
import type { HostCall, HostInterceptor } from '../interceptor/host-interceptor.ts';

/** No request of a refused call is read. */
const noRequests: AsyncIterable<unknown> = {
  async *[Symbol.asyncIterator]() {},
};

/** Shows interceptors a call that has been refused. */
export type TellOfRefusal = (call: HostCall, error: RpcError) => void;

/**
 * Creates what shows interceptors the refused calls of a host: to them, such a call is one whose
 * `next` throws. What they make of that comes too late to matter.
 */
export function createTellOfRefusal(interceptor: HostInterceptor): TellOfRefusal {
  let refusal: RpcError;
  const refuse = interceptor<unknown>(() => {
    throw refusal;
  });
  return (call, error) => {
    refusal = error;
    try {
      Promise.resolve(refuse(noRequests, call)).catch(() => undefined);
    } catch {
      // It has been refused already.
    }
  };
}
