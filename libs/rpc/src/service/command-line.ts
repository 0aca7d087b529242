import { StartError } from '../start-error.ts';
import { describeConfig, type ConfigDefinition } from './config.ts';

/**
 * What a service prints for its command line: the help for `--help` or `-h`, nothing for no
 * arguments. Throws a StartError for anything else, for services are told what to do by their
 * environment.
 */
export function helpFor(
  args: readonly string[],
  service: { readonly name: string; readonly config: ConfigDefinition },
): string | undefined {
  const unknown = args.find((arg) => arg !== '--help' && arg !== '-h');
  if (unknown !== undefined) {
    throw new StartError(`unknown argument ${unknown}; --help shows what there is`);
  }
  if (args.length === 0) return undefined;
  return `${service.name}: a gRPC service. It is set up by environment variables:\n\n${describeConfig(service.config)}\n`;
}
