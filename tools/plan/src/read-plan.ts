import { readFile } from 'node:fs/promises';
import { findContractMethod, loadPlan, PlanRefused, type CompiledPlan } from '@trivium/plans';
import { UsageError } from './arguments.ts';
import type { KnownMethods } from './known-methods.ts';

/** A plan as it was read: what can be run, or why it cannot be. */
export type ReadPlan =
  | { readonly compiled: CompiledPlan; readonly refused?: undefined }
  | { readonly compiled?: undefined; readonly refused: PlanRefused };

/** Reads a plan and checks it against the methods that are known. Throws `UsageError` for no file. */
export async function readPlan(
  file: string,
  { registry, silent }: KnownMethods,
): Promise<ReadPlan> {
  const text = await readText(file);
  try {
    const compiled = loadPlan(text, {
      methods: registry,
      allMethodsKnown: silent.length === 0,
      served: (name) => findContractMethod(name) ?? registry.find(name)?.descriptor,
    });
    return { compiled };
  } catch (error) {
    if (error instanceof PlanRefused) return { refused: error };
    throw error;
  }
}

/** The text of a file. Throws `UsageError` where there is none. */
export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}
