import { writeSync } from 'node:fs';
import { StartError } from '../start-error.ts';

const STDERR = 2;

/**
 * Says in one line on stderr why a service cannot start, and ends the process with exit code 1. A
 * reason that an operator can do something about is shown as it is: a StartError, or the
 * `DatabaseUnavailable` of a store.
 */
export function failStart(name: string, error: unknown): never {
  writeSync(STDERR, `${name}: ${oneLine(describe(error))}\n`);
  process.exit(1);
}

/** Whether an error's message is meant for an operator, and says all there is to say. */
export function isForOperator(error: unknown): error is Error {
  return (
    error instanceof StartError || (error instanceof Error && error.name === 'DatabaseUnavailable')
  );
}

function describe(error: unknown): string {
  return isForOperator(error) ? error.message : `cannot start: ${String(error)}`;
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}
