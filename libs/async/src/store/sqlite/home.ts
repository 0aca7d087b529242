import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Where a process lives, as far as its id is unique: the machine since it started, and there the
 * namespace of process ids. Two processes of one home can tell whether the other one still runs.
 */
export function processHome(): string {
  return [hostname(), bootId(), namespace()].join('/');
}

/** Tells this process from an earlier one that had its id. */
export const incarnation: string = randomUUID();

/** Whether the process with this id has ended, which can be told only of one at the same home. */
export function hasEnded(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

function namespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}
