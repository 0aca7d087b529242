import { parseArgs } from 'node:util';

/** What the command line asks for. */
export type BenchArgs =
  | { readonly help: true }
  | {
      readonly help: false;
      /** Which bench. */
      readonly name: string;
      readonly rounds: number;
      readonly quick: boolean;
      /** Where the samples go. */
      readonly json: string | undefined;
      readonly check: boolean;
    };

/** How the command is used, with these benches. */
export const usage = (
  names: readonly string[],
): string => `Usage: npm run bench -- ${names.join(' | ')} [--rounds N] [--quick] [--json FILE] [--check]

  --rounds N    how often each figure is measured; 5 when not set
  --quick       measure for a shorter time: to see that it works, and not to judge by
  --json FILE   write every sample there
  --check       end with 1 and name every goal that was missed`;

/** Reads the command line. Throws an Error that says what is wrong with it, and how it is used. */
export function parseBenchArgs(args: readonly string[], names: readonly string[]): BenchArgs {
  const { positionals, values } = parseOrSay(args, names);
  if (values.help) return { help: true };
  const [name = '', ...rest] = positionals;
  const refuse = (line: string) => new Error(`${line}\n\n${usage(names)}`);
  if (!names.includes(name)) throw refuse(name ? `No such bench: ${name}` : 'Which bench?');
  if (rest.length > 0) throw refuse(`One bench at a time, and not also ${rest.join(' ')}`);
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw refuse(`Not a number of rounds: ${values.rounds}`);
  }
  const { quick, json, check } = values;
  return { help: false, name, rounds, quick, json, check };
}

function parseOrSay(args: readonly string[], names: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        rounds: { type: 'string', default: '5' },
        quick: { type: 'boolean', default: false },
        json: { type: 'string' },
        check: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
      allowPositionals: true,
    });
  } catch (error) {
    throw new Error(`${(error as Error).message}\n\n${usage(names)}`, { cause: error });
  }
}
