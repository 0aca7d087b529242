import { writeSync } from 'node:fs';
import { StartError } from '../start-error.ts';

const STDERR = 2;

/**
 * Says in one line on stderr why a service cannot start, and ends the process with exit code 1. A
 * reason that an operator can do something about is shown as it is: a StartError, or what says that
 * a database or a store cannot be used.
 */
export function failStart(name: string, error: unknown): never {
  writeSync(STDERR, `${name}: ${oneLine(describe(error))}\n`);
  process.exit(1);
}

/** By name, because these errors belong to libraries that this one does not know. */
const ofData: ReadonlySet<string> = new Set([
  'DatabaseUnavailable',
  'StoreUnavailable',
  'StoreDamaged',
]);

/** Whether an error's message is meant for an operator, and says all there is to say. */
export function isForOperator(error: unknown): error is Error {
  return error instanceof StartError || (error instanceof Error && ofData.has(error.name));
}

function describe(error: unknown): string {
  return isForOperator(error) ? error.message : `cannot start: ${String(error)}`;
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}
