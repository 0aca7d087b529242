import type { ClientInterceptor } from '../interceptor/client-interceptor.ts';
import type { HostInterceptor } from '../interceptor/host-interceptor.ts';
import type { Logger } from '../logger.ts';
import type { ConfigDefinition, ConfigOf, Variables } from './config.ts';

/** What a service is extended by without knowing of it: telemetry, for example. */
export interface ServiceExtension<V extends Variables = Variables> {
  /** The environment variables that it reads, besides those of the service. */
  readonly variables: V;
  /** Starts it, before the service starts. What it throws prevents the service from starting. */
  start(
    config: ConfigOf<ConfigDefinition<V>>,
    context: ExtensionContext,
  ): StartedExtension | Promise<StartedExtension>;
}

/** Whose extension it is. */
export interface ExtensionContext {
  /** The name of the service. */
  readonly name: string;
  /** What the service listens at, without the port. */
  readonly host: string;
  readonly log: Logger;
}

/** Work that goes on outside of any call, and may go on in another process: an attempt at it. */
export interface BackgroundWork {
  /** Which work it is, such as `operations/{id}`. */
  readonly name: string;
  /** What kind of work it is, in its service's words. */
  readonly kind: string;
  /** How often work on it has begun. */
  readonly attempt: number;
  /** The trace that asked for it, as W3C `traceparent`. */
  readonly traceparent?: string | undefined;
}

/** Stands around an attempt at work; gives what the attempt gives. */
export type AroundWork = <T>(work: BackgroundWork, run: () => Promise<T>) => Promise<T>;

/** An extension that has started. */
export interface StartedExtension {
  /** What stands around each call of the service's own, outside of the interceptors of its host. */
  readonly interceptors?: readonly HostInterceptor[];
  /** What stands around each call that the service makes, if it hands them to its clients. */
  readonly clientInterceptors?: readonly ClientInterceptor[];
  /** What stands around each attempt at durable work, if the service hands it to its engine. */
  readonly aroundWork?: AroundWork;
  /** What each line of the service's log says besides. Asked for each, where it is logged. */
  readonly logFields?: () => object;
  /** Gives back what `start` has opened. Called after the service has closed. */
  close?(): void | Promise<void>;
}

/** The extensions of a service, as one. */
export type StartedExtensions = Required<Omit<StartedExtension, 'logFields' | 'aroundWork'>> &
  Pick<StartedExtension, 'logFields' | 'aroundWork'>;

/** A service's configuration with the variables of its extensions. */
export function extendConfig<C extends ConfigDefinition>(
  config: C,
  extensions: readonly ServiceExtension[],
): C {
  const variables = Object.assign({}, ...extensions.map((each) => each.variables));
  return { ...config, variables: { ...config.variables, ...variables } };
}

/** Starts extensions in their order. Where one fails, those before it are closed again. */
export async function startExtensions(
  extensions: readonly ServiceExtension[],
  config: ConfigOf<ConfigDefinition>,
  context: ExtensionContext,
): Promise<StartedExtensions> {
  const started: StartedExtension[] = [];
  const close = async () => {
    for (const extension of started.splice(0).reverse()) await extension.close?.();
  };
  try {
    for (const extension of extensions) started.push(await extension.start(config, context));
  } catch (error) {
    await close();
    throw error;
  }
  const around = started.flatMap(({ aroundWork = [] }) => aroundWork);
  const talkative = started.filter(({ logFields }) => logFields !== undefined);
  return {
    interceptors: started.flatMap(({ interceptors = [] }) => interceptors),
    clientInterceptors: started.flatMap(({ clientInterceptors = [] }) => clientInterceptors),
    close,
    ...(around.length > 0 && { aroundWork: composeAround(around) }),
    ...(talkative.length > 0 && {
      logFields: () => Object.assign({}, ...talkative.map((each) => each.logFields?.())),
    }),
  };
}

/** One that stands for all of them, the first outermost. */
function composeAround(all: readonly AroundWork[]): AroundWork {
  return <T>(work: BackgroundWork, run: () => Promise<T>) =>
    all.reduceRight<() => Promise<T>>((inner, outer) => () => outer(work, inner), run)();
}
