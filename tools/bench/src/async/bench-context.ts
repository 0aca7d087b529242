import type { BenchOptions } from '../bench.ts';

/** How much of everything there is. */
export interface AsyncBenchSizes {
  /** How many watch one operation. */
  readonly watchers: number;
  /** How many operations have not ended when their process is killed. */
  readonly pending: number;
  /** How much the long log holds. */
  readonly events: number;
}

/** What the parts of the bench share. */
export interface BenchContext extends BenchOptions {
  /** How long a turn is, and how many turns each has in a run. */
  readonly turnMs: number;
  readonly turns: number;
  /** How far the two bases of a run may be apart. */
  readonly tolerance: number;
  readonly sizes: AsyncBenchSizes;
  /** A new and empty folder, which is removed at the end. */
  readonly newFolder: () => string;
}
