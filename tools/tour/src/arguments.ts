import { parseArgs } from 'node:util';

/** What the caller of `npm start` asks for. */
export interface TourArguments {
  /** End after the tour, rather than stay up until Ctrl-C. */
  readonly once: boolean;
  /** Listen on any free ports, rather than on those of the documentation. */
  readonly freePorts: boolean;
  readonly help: boolean;
}

const options = {
  once: { type: 'boolean', default: false },
  'free-ports': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** What `npm start -- --help` prints. */
export const usage = `Usage: npm start [-- --once] [--free-ports]

Starts every service of the shop, makes the three kinds of call against them, draws what happened, and stays up until
Ctrl-C.

  --once         end after the tour: with 0 when every call did what it should, else with 1
  --free-ports   listen on any free ports, rather than on 50051 to 50056
  --help         print this

  DATA_DIR=folder   where the services keep their data and their logs; .data when not set`;

/**
 * Reads the command line.
 *
 * @throws Error with one line for the user when an argument is not known.
 */
export function readArguments(args: readonly string[]): TourArguments {
  try {
    const { values } = parseArgs({ args: [...args], options });
    return { once: values.once, freePorts: values['free-ports'], help: values.help };
  } catch {
    const known = Object.keys(options).map((name) => `--${name}`);
    const unknown = args.filter((arg) => !known.includes(arg));
    throw new Error(`Unknown argument ${unknown.join(' ')}. Known are ${known.join(', ')}.`);
  }
}
