import { InvalidFile, openRegistry, type ServiceRegistry } from '@trivium/registry';
import { createLogger } from '@trivium/rpc';
import { UsageError } from './arguments.ts';

/** How long the services are waited for, in milliseconds. */
const SETTLE_MS = 3_000;

/** The methods of the services that could be asked. */
export interface KnownMethods {
  readonly registry: ServiceRegistry;
  /** The backends that could not be asked what they offer. */
  readonly silent: readonly string[];
}

/** Asks the services of a services file what they offer. Throws `UsageError` for a file that is none. */
export async function openMethods(file: string): Promise<KnownMethods> {
  const log = createLogger({ name: 'plan', level: 'silent' });
  let registry: ServiceRegistry;
  try {
    registry = openRegistry({ file, log });
  } catch (error) {
    if (error instanceof InvalidFile) throw new UsageError(error.message);
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
  }
  await registry.settled(SETTLE_MS);
  const silent = registry
    .backends()
    .filter(({ isKnown }) => !isKnown)
    .map(({ name }) => name);
  return { registry, silent };
}
