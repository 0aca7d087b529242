import { createHash } from 'node:crypto';

/** Numbers that look random and follow from a seed. */
export interface Random {
  /** From 0 up to, and without, 1. */
  next(): number;
  /** A whole number from 0 up to, and without, `bound`. */
  below(bound: number): number;
  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T;
}

/** Creates one sequence of a seed; each name is a sequence of its own, so that none shifts another. */
export function createRandom(seed: number, name: string): Random {
  let drawn = 0;
  const next = (): number => {
    const digest = createHash('sha256').update(`${seed}/${name}/${drawn++}`).digest();
    return digest.readUIntBE(0, 6) / 2 ** 48;
  };
  const below = (bound: number): number => Math.floor(next() * bound);
  return { next, below, pick: (list) => list[below(list.length)]! };
}
