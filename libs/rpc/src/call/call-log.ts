import { Code, codeName } from '../error/code.ts';
import type { RpcError } from '../error/rpc-error.ts';
import type { Logger } from '../logger.ts';
import { runInCall } from './call-context.ts';
import type { Call } from './call.ts';

/** The codes that say that this service is broken. */
const faults: ReadonlySet<Code> = new Set([Code.UNKNOWN, Code.INTERNAL, Code.DATA_LOSS]);

/** The codes that say that it, or what it calls, is short of something. */
const shortages: ReadonlySet<Code> = new Set([
  Code.UNAVAILABLE,
  Code.RESOURCE_EXHAUSTED,
  Code.DEADLINE_EXCEEDED,
]);

/**
 * Logs a call that has ended, in one line: method, code and milliseconds. The level follows from the
 * outcome: `error` with its cause for a fault of this service, `warn` with what its cause says for a
 * shortage, and `usualLevel` for all that a caller may well expect.
 */
export function logCall(
  call: Call,
  error: RpcError | undefined,
  options: { readonly log: Logger; readonly usualLevel: 'info' | 'debug' },
): void {
  const code = error?.code ?? Code.OK;
  const isFault = faults.has(code);
  const level = isFault ? 'error' : shortages.has(code) ? 'warn' : options.usualLevel;
  if (!options.log.isLevelEnabled(level)) return;
  const line = {
    method: call.method,
    code: codeName(code),
    ms: Math.round((performance.now() - call.startedAtMs) * 100) / 100,
    ...(error && !isFault && { reason: error.message }),
    ...(level === 'warn' && { cause: messagesOf(error?.cause) }),
    ...(isFault && { err: error?.cause instanceof Error ? error.cause : error }),
  };
  // What ends a call may be outside of it: a timer, or its connection. What is logged of it is not.
  runInCall(call, () => options.log[level](line, 'call'));
}

/** What an error and its causes say, without their stacks: shortages come in floods. */
function messagesOf(cause: unknown): string | undefined {
  const messages: string[] = [];
  for (let error = cause; error instanceof Error && messages.length < 5; error = error.cause) {
    if (error.message !== messages.at(-1)) messages.push(error.message);
  }
  return messages.length > 0 ? messages.join(': ') : undefined;
}
