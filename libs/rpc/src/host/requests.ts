import { Code } from '../error/code.ts';
import { RpcError } from '../error/rpc-error.ts';
import type { RequestReader } from '../call/request-reader.ts';
import type { Codec } from './codec.ts';

/** What the requests of a call are made from. */
export interface RequestsOptions {
  readonly reader: RequestReader;
  readonly codec: Codec;
  /** Gets the error of a bad request, which ends the call whatever its handler makes of it. */
  readonly onBadRequest: (error: unknown) => void;
  /** What stands in the way of serving what was read; asked before it is decoded. */
  readonly obstacle?: () => RpcError | undefined;
}

/** The requests of a call: read, validated and decoded as they are asked for. */
export class Requests implements AsyncIterable<unknown> {
  readonly #options: RequestsOptions;

  constructor(options: RequestsOptions) {
    this.#options = options;
  }

  /**
   * The request of a method that takes one. gRPC asks for `UNIMPLEMENTED` when such a method gets
   * none or several.
   */
  async one(method: string): Promise<unknown> {
    const { reader, codec, obstacle } = this.#options;
    const bytes = await reader.read();
    if (!bytes || (await reader.read()) !== undefined)
      throw notOne(method, bytes ? 'several' : 'none');
    const reason = obstacle?.();
    if (reason) throw reason;
    return codec.decode(bytes);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<unknown> {
    const { reader, codec, obstacle, onBadRequest } = this.#options;
    for (let bytes = await reader.read(); bytes; bytes = await reader.read()) {
      let request: unknown;
      try {
        const reason = obstacle?.();
        if (reason) throw reason;
        request = codec.decode(bytes);
      } catch (error) {
        onBadRequest(error);
        throw error;
      }
      yield request;
    }
  }
}

/** The request of a method that takes one, where an interceptor has replaced the iterable. */
export async function theOne(requests: AsyncIterable<unknown>, method: string): Promise<unknown> {
  if (requests instanceof Requests) return requests.one(method);
  const all: unknown[] = [];
  for await (const request of requests) all.push(request);
  if (all.length !== 1) throw notOne(method, all.length === 0 ? 'none' : 'several');
  return all[0];
}

function notOne(method: string, sent: 'none' | 'several'): RpcError {
  const message = `${method} takes one request; the caller sent ${sent}`;
  return new RpcError(Code.UNIMPLEMENTED, message);
}
