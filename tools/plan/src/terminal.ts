import type { writeFile } from 'node:fs/promises';
import { relative } from 'node:path';

/** Where a command says what it has to say. */
export interface Terminal {
  /** A line of what was asked for. */
  readonly print: (line: string) => void;
  /** A line beside it: what is wrong, or what was not done. */
  readonly note: (line: string) => void;
  readonly columns: number;
  readonly colours: boolean;
  readonly writeFile: typeof writeFile;
}

/** A path as a person reads it: relative to where the command runs, if it is below. */
export function shortPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}
