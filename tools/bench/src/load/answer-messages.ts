/**
 * Makes this process one that answers each message from the one that started it, and ends with it.
 * Work that fails ends it with that failure.
 */
export function answerMessages<T extends object>(work: (message: T) => Promise<unknown>): void {
  process.on('disconnect', () => process.exit());
  process.on('message', (message: T) => {
    work(message).then(
      (answer) => process.send?.(answer),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
  process.send?.('ready');
}
