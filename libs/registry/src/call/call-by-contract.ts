import type { JsonValue } from '@bufbuild/protobuf';
import { Code, RpcError, errorInfo } from '@trivium/rpc';
import type { MethodEntry } from '../method-table.ts';
import type { CallByNameOptions, NamedReply } from '../registered-method.ts';

/** How servers and clients say that bytes are no message of the type that they expect. */
const undecodable = /is not a |deserializ|unmarshal|deserialis|decod|pars/i;

/** A call of a method as it was known when the call was made. */
export interface ContractedCall {
  readonly request: JsonValue;
  readonly options: CallByNameOptions;
  /** Asks the backend anew what it offers, and resolves to the method as it is then, if it is still there. */
  readonly refresh: () => Promise<MethodEntry | undefined>;
}

/**
 * Makes a call. When it fails as a call does that was made by an old contract, the contract is asked for anew: if it is
 * another one by now, a method that is declared safe is called again by it, and any other fails with
 * `FAILED_PRECONDITION`, reason `CONTRACT_CHANGED`.
 */
export async function callByContract(
  entry: MethodEntry,
  { request, options, refresh }: ContractedCall,
): Promise<NamedReply> {
  const startedMs = performance.now();
  try {
    return await entry.calls.call(request, options);
  } catch (caught) {
    const error = RpcError.from(caught);
    if (!mayBeOutdated(error) || options.signal.aborted) throw error;
    const now = await refresh();
    if (now === entry || options.signal.aborted) throw error;
    const isSafe = now !== undefined && entry.repetition !== 'unspecified';
    if (!isSafe || now.repetition === 'unspecified') throw contractChanged(entry, now, error);
    const { timeoutMs = Infinity } = options;
    const leftMs = timeoutMs - (performance.now() - startedMs);
    if (leftMs <= 0)
      throw new RpcError(Code.DEADLINE_EXCEEDED, 'Deadline exceeded', { cause: error });
    return now.calls.call(request, { ...options, ...(leftMs < Infinity && { timeoutMs: leftMs }) });
  }
}

function mayBeOutdated({ code, message }: RpcError): boolean {
  return code === Code.UNIMPLEMENTED || (code === Code.INTERNAL && undecodable.test(message));
}

function contractChanged(
  { name, backend }: MethodEntry,
  now: MethodEntry | undefined,
  cause: RpcError,
): RpcError {
  const message = now
    ? `${name} has another contract than when ${backend} was discovered, and the call that was made by the old one failed (${cause.message}); it is not declared safe to repeat, so look at what it did before calling it by the new one`
    : `${backend} does not offer ${name} any more; ListMethods says what there is`;
  return new RpcError(Code.FAILED_PRECONDITION, message, {
    cause,
    details: [
      errorInfo({
        reason: 'CONTRACT_CHANGED',
        domain: 'trivium.registry',
        metadata: { method: name, backend },
      }),
    ],
  });
}
