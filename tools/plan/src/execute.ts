import { resolve } from 'node:path';
import type { PlanArguments } from './arguments.ts';
import { checkCommand } from './check-command.ts';
import { drawCommand } from './draw-command.ts';
import { openMethods } from './known-methods.ts';
import { runCommand } from './run-command.ts';
import type { Terminal } from './terminal.ts';

/** What a command is executed in. */
export interface Surroundings {
  /** What the paths of the command line are relative to. */
  readonly folder: string;
  /** The services file where none is given. */
  readonly defaultServices: string;
  readonly terminal: Terminal;
  /** Aborted when the user wants it to end. */
  readonly signal: AbortSignal;
}

/** Executes a command; its exit code is 0, or 1 for a plan that cannot be run or has failed. */
export async function execute(
  args: PlanArguments,
  { folder, defaultServices, terminal, signal }: Surroundings,
): Promise<number> {
  const path = (file: string): string => resolve(folder, file);
  const { services, svg, input } = args;
  const placed: PlanArguments = {
    ...args,
    file: path(args.file),
    svg: svg === undefined ? undefined : path(svg),
    input: input?.startsWith('@') ? `@${path(input.slice(1))}` : input,
  };
  const known = await openMethods(services === undefined ? defaultServices : path(services));
  try {
    if (args.command === 'check') return await checkCommand(placed, known, terminal);
    if (args.command === 'draw') return await drawCommand(placed, known, terminal);
    return await runCommand(placed, { known, terminal, signal });
  } finally {
    known.registry.close();
  }
}
