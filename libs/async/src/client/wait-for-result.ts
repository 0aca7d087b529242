import type {
  Operation,
  OperationsDefinition,
} from '@trivium/contracts/google/longrunning/operations';
import type { Any } from '@trivium/contracts/google/protobuf/any';
import { type Client, Code, durationFromMs, errorInfo, RpcError } from '@trivium/rpc';
import { healingCodes, retry } from '@trivium/sync';
import type { ResultOptions } from './operation-handle.ts';

/** How long the server holds each wait, in milliseconds: short enough for what is between. */
const heldMs = 60_000;
/** How long its answer may take on top of that before the connection counts as dead. */
const graceMs = 10_000;
/** What a timer of Node.js can hold: one beyond it fires at once. */
const maxTimerMs = 2 ** 31 - 1;

const patient = {
  maxAttempts: Infinity,
  initialBackOffMs: 100,
  maxBackOffMs: 5_000,
  codes: healingCodes,
};

/** The response of an operation once it has ended, or its error; see `OperationHandle.result`. */
export async function waitForResult(
  operations: Pick<Client<typeof OperationsDefinition>, 'waitOperation'>,
  name: string,
  { timeoutMs = Infinity, signal }: ResultOptions = {},
): Promise<Any> {
  const timeout = timeoutMs < maxTimerMs ? AbortSignal.timeout(timeoutMs) : undefined;
  const signals = [timeout, signal].filter((each) => each !== undefined);
  try {
    for (;;) {
      const { result, done } = await retry(
        (attempt) => operations.waitOperation({ name, timeout: durationFromMs(heldMs) }, attempt),
        {
          policy: patient,
          timeoutMs: Infinity,
          attemptTimeoutMs: heldMs + graceMs,
          signal: AbortSignal.any(signals),
        },
      );
      if (done) return responseOf(name, result);
    }
  } catch (error) {
    if (!timeout?.aborted || signal?.aborted) throw error;
    throw stillRunning(name, timeoutMs, error);
  }
}

function responseOf(name: string, result: Operation['result']): Any {
  if (result?.$case === 'response') return result.value;
  if (!result) throw new RpcError(Code.INTERNAL, `${name} has ended without a result`);
  const { code, message, details } = result.value;
  throw new RpcError(codeOrUnknown(code), message, { details });
}

/** As gRPC asks: what is no code of an error counts as `UNKNOWN`. */
function codeOrUnknown(code: number): Code {
  const known = Object.values(Code).find((each) => each === code);
  return known === undefined || known === Code.OK ? Code.UNKNOWN : known;
}

function stillRunning(name: string, timeoutMs: number, cause: unknown): RpcError {
  const message = `${name} has not ended within ${timeoutMs} ms; it goes on`;
  return new RpcError(Code.DEADLINE_EXCEEDED, message, {
    details: [errorInfo({ reason: 'STILL_RUNNING', domain: 'trivium.async' })],
    cause,
  });
}
