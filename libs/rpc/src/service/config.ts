import { z } from 'zod';
import { LOG_LEVELS } from '../logger.ts';
import { StartError } from '../start-error.ts';

/** A schema for each environment variable that a service reads, by the variable's name. */
export type Variables = Readonly<Record<string, z.ZodType>>;

/** What a service can be told by its environment. */
export interface ConfigDefinition<V extends Variables = Variables> {
  readonly variables: V;
}

/** The values of a configuration, by the names of their variables. */
export type ConfigOf<C extends ConfigDefinition> = {
  readonly [K in keyof C['variables']]: z.output<C['variables'][K]>;
};

/**
 * Defines what a service can be told by its environment: a zod schema for the text of each variable.
 * `describe()` is what `--help` says of it.
 */
export function defineConfig<V extends Variables>(variables: V): ConfigDefinition<V> {
  return { variables };
}

/**
 * The variables that every service has: HOST (127.0.0.1), PORT (0 is any free one), DATA_DIR (.data)
 * and LOG_LEVEL (info).
 */
export function serviceVariables(defaults: { readonly port: number }) {
  return {
    HOST: z
      .string()
      .default('127.0.0.1')
      .describe('The address to listen at; 0.0.0.0 is all of this machine'),
    PORT: z
      .string()
      .regex(/^\d{1,5}$/, 'must be a number from 0 to 65535')
      .transform(Number)
      .refine((port) => port <= 65_535, 'must be a number from 0 to 65535')
      .default(defaults.port)
      .describe('The port to listen at; 0 is any free one'),
    DATA_DIR: z.string().default('.data').describe('The folder that holds its data'),
    LOG_LEVEL: z
      .enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`)
      .default('info')
      .describe('The least important lines that are logged'),
  };
}

/**
 * Reads a configuration. A variable that is empty counts as not set. Throws one StartError that
 * names every variable that is wrong, and never shows a value, which may be a secret.
 */
export function readConfig<C extends ConfigDefinition>(
  definition: C,
  environment: Readonly<Record<string, string | undefined>>,
): ConfigOf<C> {
  const values: Record<string, unknown> = {};
  const faults: string[] = [];
  for (const [name, schema] of Object.entries(definition.variables)) {
    const text = environment[name] || undefined;
    const result = schema.safeParse(text);
    if (result.success) values[name] = result.data;
    else if (text === undefined) faults.push(`${name} must be set`);
    else faults.push(`${name} ${result.error.issues.map(({ message }) => message).join(', ')}`);
  }
  if (faults.length > 0) throw new StartError(`bad environment: ${faults.join('; ')}`);
  return values as ConfigOf<C>;
}

/** One line for each variable: its name, what it is, and its default. */
export function describeConfig({ variables }: ConfigDefinition): string {
  const width = Math.max(...Object.keys(variables).map(({ length }) => length));
  return Object.entries(variables)
    .map(([name, schema]) => {
      const unset = schema.safeParse(undefined);
      const otherwise = !unset.success
        ? 'required'
        : unset.data === undefined
          ? 'optional'
          : `default ${String(unset.data)}`;
      return `  ${name.padEnd(width)}  ${schema.description ?? ''} (${otherwise})`;
    })
    .join('\n');
}
