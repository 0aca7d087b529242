import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';

/** Keeps what each service prints in a file of its own. */
export interface Logs {
  /** The folder with one file a service. */
  readonly folder: string;
  write(service: string, line: string): void;
}

/**
 * Creates the folder for logs, and in it a file for each service that prints.
 *
 * @throws Error with one line for the user when the folder cannot be written to.
 */
export function openLogs(dataDir: string): Logs {
  const folder = join(dataDir, 'logs');
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(
      `The data folder ${dataDir} cannot be written to (${code}). Set DATA_DIR to one that can.`,
      { cause: error },
    );
  }
  const files = new Map<string, WriteStream>();
  return {
    folder,
    write(service, line) {
      const file =
        files.get(service) ?? createWriteStream(join(folder, `${service}.log`), { flags: 'a' });
      files.set(service, file);
      file.write(`${line}\n`);
    },
  };
}
