import { parseArgs } from 'node:util';

/** What every command can be told. */
interface Common {
  /** Where the service listens that has the operations. */
  readonly address: string;
  /** Whether to print JSON, for programs. */
  readonly json: boolean;
}

/** A command of `npm run ops`. */
export type OpsArguments =
  | { readonly command: 'help'; readonly text: string }
  | (Common & {
      readonly command: 'list';
      readonly filter: string;
      readonly pageSize: number;
      readonly pageToken: string;
    })
  | (Common & { readonly command: 'show' | 'cancel'; readonly name: string })
  | (Common & { readonly command: 'watch'; readonly name: string; readonly after: number });

/** What is wrong with the command line, and how it is used. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const defaultAddress = '127.0.0.1:50056';

const common = {
  address: { type: 'string', default: defaultAddress },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const options = {
  list: {
    ...common,
    filter: { type: 'string', default: '' },
    running: { type: 'boolean', default: false },
    kind: { type: 'string' },
    'page-size': { type: 'string', default: '20' },
    'page-token': { type: 'string', default: '' },
  },
  show: common,
  watch: { ...common, after: { type: 'string', default: '0' } },
  cancel: common,
} as const;

type Command = keyof typeof options;

const commonUsage = `
  --address HOST:PORT   where the service listens; ${defaultAddress}, which is checkout, when not set
  --json                print JSON, for programs
  --help                print this`;

const usages: Readonly<Record<Command | 'all', string>> = {
  all: `Usage: npm run ops -- list | show NAME | watch NAME | cancel NAME [options]

  list          the operations of a service, newest first, and what each waits for now
  show NAME     one operation as a timeline: its events, attempts, waits and causes
  watch NAME    the same as it happens, through restarts of the service, until the operation has ended
  cancel NAME   ask an operation to end

  NAME is operations/ID, or the ID alone. Each command tells its options: npm run ops -- list --help
${commonUsage}

  Ends with 0 when it did what was asked, with 1 when it could not, with 2 for a wrong command line, and with 3 when
  what was watched ended otherwise than well.`,
  list: `Usage: npm run ops -- list [--running] [--kind KIND] [--filter TEXT] [--page-size N] [--page-token TOKEN]

  --running             only those that have not ended
  --kind KIND           only those of this kind
  --filter TEXT         comparisons joined by AND, such as: create_time >= "2026-01-31T12:00:00Z" AND done = true
  --page-size N         the most to list; 20 when not set
  --page-token TOKEN    go on where an earlier page ended
${commonUsage}`,
  show: `Usage: npm run ops -- show NAME

  NAME                  operations/ID, or the ID alone
${commonUsage}`,
  watch: `Usage: npm run ops -- watch NAME [--after N]

  NAME                  operations/ID, or the ID alone
  --after N             only events after this one; 0, which is all of them, when not set
${commonUsage}`,
  cancel: `Usage: npm run ops -- cancel NAME

  NAME                  operations/ID, or the ID alone
${commonUsage}`,
};

/** Reads the command line. Throws a UsageError with what is wrong and how it is used. */
export function readArguments(args: readonly string[]): OpsArguments {
  const [first = '', ...rest] = args;
  if (['', 'help', '--help', '-h'].includes(first)) {
    if (first === '') throw new UsageError(usages.all);
    return { command: 'help', text: usages.all };
  }
  if (!isCommand(first)) throw new UsageError(`No such command: ${first}\n\n${usages.all}`);
  const { values, positionals } = parseOrSay(first, rest);
  if (values.help) return { command: 'help', text: usages[first] };
  const refuse = (line: string) => new UsageError(`${line}\n\n${usages[first]}`);
  const { address, json } = values;
  if (!/^\S+:\d{1,5}$/.test(address)) throw refuse(`Not an address HOST:PORT: ${address}`);
  if (first === 'list') {
    if (positionals.length > 0) throw refuse(`list takes no ${positionals.join(' ')}`);
    return { command: 'list', address, json, ...readList(values, refuse) };
  }
  const [name, ...others] = positionals;
  if (!name) throw refuse(`Which operation? npm run ops -- list lists them.`);
  if (others.length > 0) throw refuse(`One operation at a time, and not also ${others.join(' ')}`);
  const target = { address, json, name: name.includes('/') ? name : `operations/${name}` };
  if (first !== 'watch') return { command: first, ...target };
  return { command: 'watch', ...target, after: readCount('after', values.after ?? '0', refuse) };
}

type Refuse = (line: string) => UsageError;

interface Values {
  readonly address: string;
  readonly json: boolean;
  readonly help: boolean;
  readonly filter?: string;
  readonly running?: boolean;
  readonly kind?: string;
  readonly 'page-size'?: string;
  readonly 'page-token'?: string;
  readonly after?: string;
}

function readList(values: Values, refuse: Refuse) {
  const conditions = [
    values.filter?.trim(),
    values.running && 'done = false',
    values.kind !== undefined && `kind = ${JSON.stringify(values.kind)}`,
  ];
  return {
    filter: conditions.filter(Boolean).join(' AND '),
    pageSize: readCount('page-size', values['page-size'] ?? '20', refuse),
    pageToken: values['page-token'] ?? '',
  };
}

function readCount(option: string, text: string, refuse: Refuse): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(count)) {
    throw refuse(`--${option} takes a number from 0, and not ${text}`);
  }
  return count;
}

function parseOrSay(command: Command, args: string[]) {
  try {
    const parsed = parseArgs({ args, options: options[command], allowPositionals: true });
    return { values: parsed.values as unknown as Values, positionals: parsed.positionals };
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${usages[command]}`, { cause: error });
  }
}

function isCommand(text: string): text is Command {
  return Object.hasOwn(options, text);
}
