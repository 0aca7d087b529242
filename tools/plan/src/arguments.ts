import { parseArgs } from 'node:util';

/** What `npm run plan` does with a plan. */
export type PlanCommand = 'check' | 'draw' | 'run';

/** What the caller of `npm run plan` asks for. */
export interface PlanArguments {
  readonly command: PlanCommand;
  /** The plan's file. */
  readonly file: string;
  /** The services file; the orchestrator's when absent. */
  readonly services: string | undefined;
  /** The plan's input: JSON, or `@` and a file of it. */
  readonly input: string | undefined;
  /** Where to write the picture as SVG; nowhere when absent. */
  readonly svg: string | undefined;
  /** Whether to print JSON for programs. */
  readonly json: boolean;
  /** How long a run may take, in milliseconds. */
  readonly timeoutMs: number;
}

/** Something that the user wrote, and that this is not: the message is one line for them. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const commands: readonly string[] = ['check', 'draw', 'run'] satisfies PlanCommand[];

const options = {
  services: { type: 'string' },
  input: { type: 'string' },
  svg: { type: 'string' },
  json: { type: 'boolean', default: false },
  timeout: { type: 'string', default: '30s' },
  help: { type: 'boolean', default: false },
} as const;

/** What `npm run plan -- --help` prints. */
export const usage = `Usage: npm run plan -- check | draw | run FILE [options]

  check FILE   tells everything that is wrong with a plan, with its place
  draw FILE    draws what waits for what
  run FILE     runs it on the services, and draws who worked when

  --services FILE      the services file; apps/orchestrator/services.yaml when not given
  --input JSON|@FILE   what the plan finds under input
  --svg FILE           writes the picture as SVG, too
  --json               prints JSON, for programs
  --timeout 10s        how long a run may take; 30s when not given
  --help               prints this

Ends with 0; with 1 for a plan that cannot be run, or a run that failed; with 2 for anything else.`;

/** Reads the command line; undefined when it asks for help. Throws `UsageError`. */
export function readArguments(args: readonly string[]): PlanArguments | undefined {
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message.split('. ')[0]!);
  }
  const { values, positionals } = parsed;
  if (values.help) return undefined;
  const [command, file, ...more] = positionals;
  if (command === undefined || !commands.includes(command)) {
    throw new UsageError(
      `Say what to do: ${commands.join(', ')}${command ? `; not ${command}` : ''}`,
    );
  }
  if (file === undefined || more.length > 0) throw new UsageError(`${command} takes one FILE`);
  const { services, input, svg, json, timeout } = values;
  if (command === 'check' && svg !== undefined)
    throw new UsageError('check draws nothing: no --svg');
  return {
    ...{ command: command as PlanCommand, file, services, input, svg, json },
    timeoutMs: milliseconds(timeout),
  };
}

function milliseconds(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text) ?? [];
  const timeoutMs = Number(amount) * { ms: 1, s: 1000, m: 60_000 }[unit as 'ms' | 's' | 'm'];
  if (timeoutMs > 0) return timeoutMs;
  throw new UsageError(`--timeout must be a time such as 500ms, 10s or 2m, not ${text}`);
}
