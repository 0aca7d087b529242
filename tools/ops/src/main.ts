import { createOperationsClient } from '@trivium/async';
import { openChannel } from '@trivium/rpc';
import { type OpsArguments, readArguments, UsageError } from './arguments.ts';
import { cancel, list, show, watch, type Workplace } from './commands.ts';
import { explain } from './explain.ts';
import { openScreen } from './screen.ts';

/** Whoever presses Ctrl-C has seen enough; the operation goes on. */
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
// Its reader may have seen enough too, as `head` has.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? 0 : 1),
);

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  let args: OpsArguments;
  try {
    args = readArguments(argv);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(error.message);
    return 2;
  }
  if (args.command === 'help') {
    console.log(args.text);
    return 0;
  }
  const channel = openChannel(args.address);
  try {
    return await run(args, { operations: createOperationsClient(channel), screen: openScreen() });
  } catch (error) {
    console.error(explain(error, args));
    return 1;
  } finally {
    channel.close();
  }
}

function run(
  args: Exclude<OpsArguments, { command: 'help' }>,
  workplace: Workplace,
): Promise<number> {
  switch (args.command) {
    case 'list':
      return list(args, workplace);
    case 'watch':
      return watch(args, workplace);
    case 'show':
      return show({ ...args, command: 'show' }, workplace);
    case 'cancel':
      return cancel({ ...args, command: 'cancel' }, workplace);
  }
}
