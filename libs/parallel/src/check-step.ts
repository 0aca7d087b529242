import type { RetryOptions } from './retry-options.ts';
import type { Step } from './step.ts';

/** A plan that cannot run: a name is taken, reserved or unknown, or an option is out of range. */
export class InvalidPlan extends Error {
  override readonly name = 'InvalidPlan';
  /** The step at fault, if it is one. */
  readonly step: string | undefined;

  constructor(message: string, step?: string) {
    super(message);
    this.step = step;
  }
}

/** What every step receives by these names, so that no step can have one. */
export type ReservedName = 'input' | 'signal' | 'budgetMs';
const reserved: readonly string[] = ['input', 'signal', 'budgetMs'] satisfies ReservedName[];

/** Throws `InvalidPlan` with the step at fault. */
export function refuse(name: unknown, what: string): never {
  throw new InvalidPlan(`Step ${JSON.stringify(name)} ${what}`, String(name));
}

/** Throws `InvalidPlan` unless the step can be one, whatever is beside it. */
export function checkStep(step: Step): void {
  const { name, call, reads = [], timeoutMs, estimateMs, retry, hedge, when } = step;
  // Brackets are kept for elements, such as `rates[ups]`: no step may look like one.
  if (typeof name !== 'string' || !/^[^[\]]+$/.test(name)) {
    refuse(name, 'needs a name: a string that is not empty and has no brackets');
  }
  if (reserved.includes(name)) {
    refuse(name, 'has a reserved name: every step receives one by this name');
  }
  if (!Array.isArray(reads)) {
    refuse(name, `must name what it reads in an array, got ${String(reads)}`);
  }
  checkFunction(name, 'call', call);
  const { undo, undoUnknown, mayHaveHappened } = step;
  for (const [role, given] of Object.entries({ when, undo, undoUnknown, mayHaveHappened })) {
    if (given !== undefined) checkFunction(name, role, given);
  }
  if (timeoutMs !== undefined && !(timeoutMs > 0)) {
    refuse(name, `needs a timeoutMs above 0, got ${String(timeoutMs)}`);
  }
  if (estimateMs !== undefined && !(estimateMs >= 0 && estimateMs < Infinity)) {
    refuse(name, `needs an estimateMs from 0, got ${String(estimateMs)}`);
  }
  if (retry !== undefined) checkRetry(name, retry);
  const delayMs = hedge?.delayMs;
  if (hedge !== undefined && typeof delayMs !== 'function' && !(Number(delayMs) >= 0)) {
    refuse(name, `needs a hedge after a delayMs from 0, got ${String(delayMs)}`);
  }
  if (step.kind === 'each') {
    checkFunction(name, 'items', step.items);
    checkFunction(name, 'key', step.key);
    if (!isLimit(step.limit ?? Infinity)) {
      refuse(name, `needs a limit that is a whole number from 1, got ${String(step.limit)}`);
    }
  }
}

/** The steps that another may read. */
export interface Readable {
  has(name: string): boolean;
  /** Told with the names, such as `earlier`. */
  readonly role: string;
  names(): Iterable<string>;
}

/** Throws `InvalidPlan` for a step that reads itself, or what is not there. */
export function checkReads({ name, reads = [] }: Step, readable: Readable): void {
  for (const read of reads) {
    if (read === name) refuse(name, 'reads itself');
    if (readable.has(read)) continue;
    const { role } = readable;
    const names = [...readable.names()].slice(0, 20).join(', ') || 'none';
    refuse(
      name,
      `reads ${JSON.stringify(read)}, but no ${role} step has that name (${role}: ${names})`,
    );
  }
}

/** Whether a number can bound what is in flight: a whole number from 1, or Infinity. */
export function isLimit(value: number): boolean {
  return value === Infinity || (Number.isInteger(value) && value >= 1);
}

function checkFunction(name: string, role: string, value: unknown): void {
  if (typeof value === 'function') return;
  refuse(name, `needs a function for ${role}, got ${String(value)}`);
}

function checkRetry(name: string, retry: RetryOptions): void {
  const { maxAttempts, isRetryable, attemptTimeoutMs = 1 } = retry;
  const { initialBackOffMs = 0, maxBackOffMs = 0 } = retry;
  checkFunction(name, 'retry.isRetryable', isRetryable);
  if (!isLimit(maxAttempts)) {
    refuse(name, `needs a retry with whole maxAttempts from 1, got ${String(maxAttempts)}`);
  }
  if (!(attemptTimeoutMs > 0 && initialBackOffMs >= 0 && maxBackOffMs >= 0)) {
    refuse(name, 'needs a retry with an attemptTimeoutMs above 0 and back-offs from 0');
  }
}
