import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Gives back what loading this thread's modules has left behind, which V8 keeps until its heap is full. */
export function releaseStartMemory(): void {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as (how: object) => void;
  collectGarbage({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
