import { parseArgs } from 'node:util';

/** What the command line asks for. */
export type ChaosArguments =
  | { readonly help: true }
  | {
      readonly help: false;
      readonly kills: number;
      readonly pauses: number;
      readonly orders: number;
      readonly seed: number;
      /** How many orders are under way at a time. */
      readonly concurrency: number;
      /** Whether a second checkout shares the store of the first. */
      readonly twin: boolean;
      /** Where the report goes. */
      readonly json: string | undefined;
      /** Whether the data folder is kept when nothing was wrong. */
      readonly keep: boolean;
      /** How often to kill at each point of the engine, instead of all else; 0 for not at all. */
      readonly crashPoints: number;
    };

/** What `npm run chaos -- --help` prints. */
export const usage = `Usage: npm run chaos -- [--kills K] [--orders N] [--seed S] [--pauses P] [--concurrency C] [--twin] [--json FILE] [--keep]
       npm run chaos -- --crash-points T

Starts every service of the shop, has N orders placed and watched to their ends, kills and pauses services
meanwhile, and checks what must hold all the same. Ends with 0 when it held, with 1 when not, with 2 when the run
could not be made.

  --kills K         SIGKILLs in all, spread over all services; 20 when not set
  --orders N        orders in all, at most 5000; 200 when not set
  --seed S          the same seed plans the same orders and the same faults; drawn and printed when not set
  --pauses P        SIGSTOPs of half a second to six and a half; a fifth of the kills when not set
  --concurrency C   orders under way at a time; 48 when not set
  --twin            a second checkout on the store of the first: orders are placed, watched and cancelled at both
  --json FILE       write the plan, the counts and every verdict there
  --keep            keep the data folder; one of a run that failed is kept anyway
  --crash-points T  leave the shop alone: kill processes of the engine of operations at each of its named points, T times
  --help            print this`;

/** Reads the command line. Throws an Error with one line for the user when it asks for what is not there. */
export function readArguments(args: readonly string[]): ChaosArguments {
  const values = parseOrSay(args);
  if (values.help) return { help: true };
  const kills = count('kills', values.kills, { max: 5_000 });
  return {
    help: false,
    kills,
    orders: count('orders', values.orders, { min: 1, max: 5_000 }),
    seed: count('seed', values.seed ?? String(Date.now() % 1_000_000), { max: 2 ** 32 }),
    // There is no SIGSTOP on Windows.
    pauses: count('pauses', values.pauses ?? String(defaultPauses(kills)), { max: 1_000 }),
    concurrency: count('concurrency', values.concurrency, { min: 1, max: 1_000 }),
    twin: values.twin,
    json: values.json,
    keep: values.keep,
    crashPoints: count('crash-points', values['crash-points'], { max: 1_000 }),
  };
}

const defaultPauses = (kills: number): number =>
  process.platform === 'win32' ? 0 : Math.round(kills / 5);

function count(
  name: string,
  text: string,
  { min = 0, max }: { min?: number; max: number },
): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= min && value <= max) return value;
  throw new Error(`--${name} must be a whole number from ${min} to ${max}, not '${text}'.`);
}

function parseOrSay(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        kills: { type: 'string', default: '20' },
        orders: { type: 'string', default: '200' },
        seed: { type: 'string' },
        pauses: { type: 'string' },
        concurrency: { type: 'string', default: '48' },
        twin: { type: 'boolean', default: false },
        json: { type: 'string' },
        keep: { type: 'boolean', default: false },
        'crash-points': { type: 'string', default: '0' },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new Error(`${(error as Error).message.split('. ')[0]}. See --help.`, { cause: error });
  }
}
