import type { HostCommand } from './grpc-entries.ts';

/** Answers what a host is told over IPC, and ends with whoever started it. */
export function answerHostCommands(settle: () => Promise<void>): void {
  process.on('disconnect', () => process.exit());
  process.on('message', async (command: HostCommand) => {
    if (command.what === 'settle') await settle();
    const { user, system } = process.cpuUsage();
    process.send?.((user + system) / 1000);
  });
}
