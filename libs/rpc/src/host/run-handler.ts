import type { Call } from '../call/call.ts';
import { createRequestReader, type RequestReader } from '../call/request-reader.ts';
import { createResponseWriter } from '../call/response-writer.ts';
import { Code } from '../error/code.ts';
import type { ErrorTable } from '../error/error-table.ts';
import { RpcError } from '../error/rpc-error.ts';
import type { MethodDefinition } from '../service-definition.ts';
import type { UntypedHandler } from './bind.ts';
import type { Codec } from './codec.ts';

/** A method with all that is needed to serve it. */
export interface ServedMethod {
  readonly definition: MethodDefinition;
  readonly handler: UntypedHandler;
  readonly errors: ErrorTable | undefined;
  readonly codec: Codec;
}

/**
 * Runs a method's handler for a call and ends the call with what comes of it. Never rejects. Settles
 * when the handler has, which may be long after the call has ended.
 */
export async function runHandler(call: Call, method: ServedMethod): Promise<void> {
  const { definition, handler, codec } = method;
  const fail = (error: unknown) => failCall(call, error, method.errors);
  const reader = createRequestReader(call, { awaitsReset: definition.requestStream });
  try {
    const request = definition.requestStream
      ? readAll(reader, codec, fail)
      : codec.decode(await readOne(reader, definition.name));
    const response = handler(request, call);
    if (definition.responseStream) {
      await writeAll(call, codec, response as AsyncIterable<unknown>, fail);
    } else {
      const result = await (response as Promise<unknown>);
      if (call.hasEnded) return;
      call.raw.write(codec.encode(result));
      call.succeed();
    }
  } catch (error) {
    fail(error);
  }
}

/** gRPC asks for `UNIMPLEMENTED` when a method that takes one request gets none or several. */
async function readOne(reader: RequestReader, method: string): Promise<Buffer> {
  const bytes = await reader.read();
  if (bytes && (await reader.read()) === undefined) return bytes;
  const sent = bytes ? 'several' : 'none';
  throw new RpcError(Code.UNIMPLEMENTED, `${method} takes one request; the caller sent ${sent}`);
}

async function* readAll(
  reader: RequestReader,
  codec: Codec,
  fail: (error: unknown) => void,
): AsyncIterable<unknown> {
  for (let bytes = await reader.read(); bytes; bytes = await reader.read()) {
    let request: unknown;
    try {
      request = codec.decode(bytes);
    } catch (error) {
      // A bad request ends the call, whatever its handler makes of the error.
      fail(error);
      throw error;
    }
    yield request;
  }
}

async function writeAll(
  call: Call,
  codec: Codec,
  responses: AsyncIterable<unknown>,
  fail: (error: unknown) => void,
): Promise<void> {
  const writer = createResponseWriter(call);
  const iterator = responses[Symbol.asyncIterator]();
  try {
    for (;;) {
      const step = await untilEnded(call, iterator.next());
      if (step.done) break;
      const flushed = writer.write(codec.encode(step.value));
      if (flushed) await flushed;
    }
    call.succeed();
  } catch (error) {
    fail(error);
    // The handler's `finally` blocks run now, or when it comes out of what it waits for.
    await iterator.return?.();
  }
}

/** The promise's outcome, or the call's reason as soon as it ends. */
function untilEnded<T>(call: Call, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const forget = call.onEnd(() => reject(call.endReason));
    promise.then(resolve, reject).finally(forget);
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
