import { type JsonValue, type Message, fromJson, toBinary, toJson } from '@bufbuild/protobuf';
import {
  type Channel,
  type ClientInterceptor,
  Code,
  RpcError,
  badRequest,
  createClient,
  currentCall,
} from '@trivium/rpc';
import { type SyncClientOptions, type Target, createSyncClient } from '@trivium/sync';
import { type Observable, map } from 'rxjs';
import type { CallByNameOptions, NamedReply, RegisteredMethod } from '../registered-method.ts';
import { jsonProblems } from './json-problems.ts';
import { EncodedRequest, rawDefinition } from './raw-definition.ts';

/** Where a method is called, and what stands around each call. */
export interface MethodRoute {
  readonly method: RegisteredMethod;
  readonly channel: Channel;
  /** What retries and hedges of all methods of the backend are paid from. */
  readonly target: Target;
  readonly interceptors: readonly ClientInterceptor[];
}

type SendUnary = (request: EncodedRequest, options: object) => Promise<Message>;

const MAX_TIMEOUT_MS = 24 * 60 * 60 * 1000;
/** Of all that plans and callers ask for there are few; what is more than this is made anew each time. */
const MAX_CLIENTS = 32;

/** The calls of one method as it is described now. What it needs for them is made once. */
export class MethodCalls {
  readonly #route: MethodRoute;
  readonly #clients = new Map<string, SendUnary>();
  readonly #callOnce: SendUnary;

  constructor(route: MethodRoute) {
    this.#route = route;
    this.#callOnce = this.#createClient({ retry: { maxAttempts: 1 } });
  }

  /** Calls a unary method. Rejects with an `RpcError`: `INVALID_ARGUMENT` for JSON that is not its request. */
  async call(request: JsonValue, options: CallByNameOptions): Promise<NamedReply> {
    const { descriptor, name } = this.#route.method;
    if (descriptor.methodKind !== 'unary') throw notUnary(name, 'only unary methods can be called');
    const encoded = this.#encode(request);
    const message = await this.#clientFor(options)(encoded, callOptions(options));
    return new Reply(message, this.#route.method, encoded.attempts);
  }

  /** Calls a method that streams its responses; the Observable calls anew on each subscription. */
  stream(request: JsonValue, options: CallByNameOptions): Observable<JsonValue> {
    const { method, channel, interceptors } = this.#route;
    const { descriptor, repetition, types } = method;
    if (descriptor.methodKind !== 'server_streaming') {
      throw notUnary(method.name, 'only methods that stream their responses alone can be streamed');
    }
    const definition = rawDefinition(descriptor, repetition);
    const client = createClient(definition, channel, { interceptors });
    const responses = client.call(
      this.#encode(request),
      callOptions(options),
    ) as unknown as Observable<Message>;
    return responses.pipe(
      map((message) => toJson(descriptor.output, message, { registry: types }) as JsonValue),
    );
  }

  /** Throws what a call with this request would be refused with before it is sent. */
  check(request: JsonValue): void {
    const { descriptor, name } = this.#route.method;
    const { methodKind } = descriptor;
    if (methodKind !== 'unary' && methodKind !== 'server_streaming') {
      throw notUnary(name, 'methods that stream their requests cannot be called by name');
    }
    this.#encode(request);
  }

  #encode(request: JsonValue): EncodedRequest {
    const { descriptor, types } = this.#route.method;
    const { input } = descriptor;
    try {
      return new EncodedRequest(toBinary(input, fromJson(input, request, { registry: types })));
    } catch (cause) {
      const problems = jsonProblems(input, request, types);
      const fields = problems.map(({ field, description }) => ({
        field: ['request', field].filter(Boolean).join('.'),
        description,
      }));
      const [first] = fields;
      const more = fields.length > 1 ? ` (and ${fields.length - 1} more)` : '';
      const message = first
        ? `${first.field}: ${first.description}${more}`
        : `request: must be a ${input.typeName}: ${(cause as Error).message}`;
      throw new RpcError(Code.INVALID_ARGUMENT, message, { cause, details: [badRequest(fields)] });
    }
  }

  #clientFor({ maxAttempts = 1, hedge }: CallByNameOptions): SendUnary {
    const { name, repetition } = this.#route.method;
    if (maxAttempts === 1 && !hedge) return this.#callOnce;
    if (repetition === 'unspecified') {
      const message = `${name} is not declared safe to repeat: it takes no retries and no hedges`;
      throw new RpcError(Code.FAILED_PRECONDITION, message);
    }
    const key = `${maxAttempts} ${hedge?.delayMs}`;
    let client = this.#clients.get(key);
    if (client) return client;
    // A hedge is an attempt too.
    const attempts = hedge ? Math.max(2, maxAttempts) : maxAttempts;
    client = this.#createClient({
      retry: { maxAttempts: attempts },
      ...(hedge && {
        hedge: {
          maxExtra: 0.1,
          ...(hedge.delayMs === 'p95' ? { percentile: 0.95 } : { delayMs: hedge.delayMs }),
        },
      }),
    });
    if (this.#clients.size < MAX_CLIENTS) this.#clients.set(key, client);
    return client;
  }

  #createClient(options: SyncClientOptions): SendUnary {
    const { method, channel, target, interceptors } = this.#route;
    const definition = rawDefinition(method.descriptor, method.repetition);
    const client = createSyncClient(definition, channel, { ...options, target, interceptors });
    return client.call as unknown as SendUnary;
  }
}

/** A reply whose JSON is made for whoever asks. */
class Reply implements NamedReply {
  readonly message: Message;
  readonly attempts: number;
  readonly #method: RegisteredMethod;
  #response: JsonValue | undefined;

  constructor(message: Message, method: RegisteredMethod, attempts: number) {
    this.message = message;
    this.attempts = attempts;
    this.#method = method;
  }

  get response(): JsonValue {
    const { descriptor, types } = this.#method;
    return (this.#response ??= toJson(descriptor.output, this.message, {
      registry: types,
    }) as JsonValue);
  }
}

function callOptions({ signal, timeoutMs = MAX_TIMEOUT_MS, metadata }: CallByNameOptions) {
  // The signal of the call that is being served is heard anyway.
  const isHeard = signal === currentCall()?.signal;
  return { timeoutMs, ...(!isHeard && { signal }), ...(metadata && { metadata }) };
}

function notUnary(name: string, reason: string): RpcError {
  const message = `${name} cannot be called this way: ${reason}`;
  return new RpcError(Code.INVALID_ARGUMENT, message, {
    details: [badRequest([{ field: 'method', description: reason }])],
  });
}
