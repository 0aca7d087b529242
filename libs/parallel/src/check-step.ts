import type { Step } from './step.ts';

/** A plan that cannot run: a name is taken, reserved or unknown, or an option is out of range. */
export class InvalidPlan extends Error {
  override readonly name = 'InvalidPlan';
}

const reserved = ['input', 'signal'];

/** Throws `InvalidPlan`, with the place, unless `step` can follow the `earlier` steps. */
export function checkStep(step: Step, earlier: readonly Step[]): void {
  const { name, reads, call, timeoutMs } = step;
  const refuse = (what: string): never => {
    throw new InvalidPlan(`Step ${JSON.stringify(name)} ${what}`);
  };
  // Brackets are kept for elements, such as `rates[ups]`: no step may look like one.
  if (typeof name !== 'string' || !/^[^[\]]+$/.test(name)) {
    refuse('needs a name: a string that is not empty and has no brackets');
  }
  if (reserved.includes(name)) refuse('has a reserved name: every step receives one by this name');
  const names = earlier.map((other) => other.name);
  if (names.includes(name)) refuse('is in the plan already');
  if (!Array.isArray(reads)) refuse(`must name what it reads in an array, got ${String(reads)}`);
  for (const read of reads) {
    if (names.includes(read)) continue;
    refuse(
      `reads ${JSON.stringify(read)}, but no earlier step has that name (earlier: ${names.join(', ') || 'none'})`,
    );
  }
  const functions = step.kind === 'each' ? { items: step.items, call, key: step.key } : { call };
  for (const [role, value] of Object.entries(functions)) {
    if (typeof value !== 'function') refuse(`needs a function for ${role}, got ${String(value)}`);
  }
  if (timeoutMs !== undefined && !(timeoutMs > 0)) {
    refuse(`needs a timeoutMs above 0, got ${String(timeoutMs)}`);
  }
  if (step.kind === 'each' && !isLimit(step.limit)) {
    refuse(`needs a limit that is a whole number from 1, got ${String(step.limit)}`);
  }
}

/** Whether a number can bound what is in flight: a whole number from 1, or Infinity. */
export function isLimit(value: number): boolean {
  return value === Infinity || (Number.isInteger(value) && value >= 1);
}
