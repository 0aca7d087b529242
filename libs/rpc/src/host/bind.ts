import type { CallContext } from '../call/call-context.ts';
import type { ErrorTable } from '../error/error-table.ts';
import type {
  MethodDefinition,
  RequestOf,
  ResponseInit,
  ResponseOf,
  ServiceDefinition,
} from '../service-definition.ts';
import type { EncodedResponse } from './encoded-response.ts';

/**
 * What serves one method. A stream of requests is an `AsyncIterable`, read as fast as it is iterated;
 * a stream of responses is one too, asked for its next response when the caller has room for it.
 */
export type Handler<M extends MethodDefinition> = (
  request: M['requestStream'] extends true ? AsyncIterable<RequestOf<M>> : RequestOf<M>,
  call: CallContext,
) => M['responseStream'] extends true
  ? AsyncIterable<ResponseInit<M> | EncodedResponse<ResponseOf<M>>>
  : Promise<ResponseInit<M>>;

/** A handler for each method of a service, by its name in the generated definition. */
export type Handlers<S extends ServiceDefinition> = {
  readonly [K in keyof S['methods']]: Handler<S['methods'][K]>;
};

/** A service with its handlers, ready for `startHost`. */
export interface BoundService {
  readonly definition: ServiceDefinition;
  readonly handlers: Readonly<Record<string, UntypedHandler>>;
  readonly errors: ErrorTable | undefined;
  /** The methods that are served whatever the load, by their names in the definition. */
  readonly critical: ReadonlySet<string>;
}

/** A handler when its method's types do not matter any more. */
export type UntypedHandler = (
  request: unknown,
  call: CallContext,
) => Promise<unknown> | AsyncIterable<unknown>;

/**
 * Binds a generated service definition to its handlers. `errors` maps the domain errors that they
 * throw to statuses; what it does not know goes through `RpcError.from`. Throws a TypeError for a
 * method without a handler.
 *
 * `critical` names methods that are served whatever the load, that take nobody's place, and that no
 * limit learns from: those that relieve it, as a cancellation does, and those that only wait.
 */
export function bind<S extends ServiceDefinition>(
  definition: S,
  handlers: Handlers<S>,
  options: {
    readonly errors?: ErrorTable;
    readonly critical?: readonly (keyof S['methods'] & string)[];
  } = {},
): BoundService {
  const bound: Record<string, UntypedHandler> = {};
  for (const key of Object.keys(definition.methods)) {
    const handler = (handlers as Record<string, UntypedHandler | undefined>)[key];
    if (typeof handler !== 'function') {
      throw new TypeError(`${definition.fullName} has no handler for ${key}`);
    }
    bound[key] = handler.bind(handlers);
  }
  const critical = new Set<string>(options.critical);
  return { definition, handlers: bound, errors: options.errors, critical };
}
