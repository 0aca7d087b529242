import type { Call } from '../call/call.ts';
import { writeResponse } from '../call/response-writer.ts';
import { Code } from '../error/code.ts';
import type { ErrorTable } from '../error/error-table.ts';
import { RpcError } from '../error/rpc-error.ts';
import type { MethodDefinition } from '../service-definition.ts';
import type { UntypedHandler } from './bind.ts';
import type { Codec } from './codec.ts';
import type { InterceptedHandler } from './intercepted-handler.ts';
import { arePushed, pushAll } from './pushed-responses.ts';
import { Requests } from './requests.ts';

/** A method with all that is needed to serve it. */
export interface ServedMethod {
  readonly definition: MethodDefinition;
  readonly handler: UntypedHandler;
  readonly errors: ErrorTable | undefined;
  readonly codec: Codec;
  /** The handler with the host's interceptors around it, where there are any. */
  readonly intercepted: InterceptedHandler | undefined;
}

/**
 * Runs a method's handler for a call and ends the call with what comes of it. Never rejects. Settles
 * when the handler has, which may be long after the call has ended. `obstacle` is asked once a
 * request has been read, for what stands in the way of serving it.
 */
export async function runHandler(
  call: Call,
  method: ServedMethod,
  obstacle?: () => RpcError | undefined,
): Promise<void> {
  const { definition, handler, codec, intercepted } = method;
  const fail = (error: unknown) => failCall(call, error, method.errors);
  const { maxMessageBytes } = codec;
  const reader = call.read({ maxMessageBytes, awaitsReset: definition.requestStream });
  const requests = new Requests({ reader, codec, obstacle, onBadRequest: fail });
  try {
    const response = intercepted
      ? intercepted(requests, call)
      : handler(definition.requestStream ? requests : await requests.one(definition.name), call);
    if (definition.responseStream && arePushed(response)) {
      await pushAll(call, response, { maxMessageBytes, fail });
    } else if (definition.responseStream) {
      await writeAll(call, codec, response as AsyncIterable<unknown>, fail);
    } else {
      const result = await (response as Promise<unknown>);
      if (call.hasEnded) return;
      call.succeed(codec.encode(result));
    }
  } catch (error) {
    fail(error);
  }
}

async function writeAll(
  call: Call,
  codec: Codec,
  responses: AsyncIterable<unknown>,
  fail: (error: unknown) => void,
): Promise<void> {
  const iterator = responses[Symbol.asyncIterator]();
  const untilEnded = createUntilEnded(call);
  try {
    for (;;) {
      const step = await untilEnded(iterator.next());
      if (step.done) break;
      const flushed = writeResponse(call, codec.encode(step.value));
      if (flushed) await flushed;
    }
    call.succeed();
  } catch (error) {
    fail(error);
    // The handler's `finally` blocks run now, or when it comes out of what it waits for.
    await iterator.return?.();
  }
}

/** Waits for one promise after the other: each time its outcome, or the call's reason once it ends. */
function createUntilEnded(call: Call): <T>(promise: Promise<T>) => Promise<T> {
  let rejectLatest: ((reason: unknown) => void) | undefined;
  // Once for all of them: a stream may have any number of responses.
  call.onEnd(() => rejectLatest?.(call.endReason));
  return (promise) =>
    new Promise((resolve, reject) => {
      rejectLatest = reject;
      promise.then(resolve, reject);
      if (call.hasEnded) reject(call.endReason);
    });
}

function failCall(call: Call, error: unknown, errors: ErrorTable | undefined): void {
  if (!call.hasEnded) {
    call.fail(toRpcError(error, errors));
  } else if (!isConsequenceOf(call.endReason, error)) {
    call.log.warn({ err: error }, 'handler failed after its call had ended');
  }
}

function toRpcError(error: unknown, errors: ErrorTable | undefined): RpcError {
  try {
    return errors?.(error) ?? RpcError.from(error);
  } catch (tableError) {
    return RpcError.from(tableError);
  }
}

function isConsequenceOf(reason: RpcError, error: unknown): boolean {
  if (error === reason) return true;
  const { code } = RpcError.from(error);
  return code === Code.CANCELLED || code === Code.DEADLINE_EXCEEDED;
}
