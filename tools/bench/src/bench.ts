import type { Figure } from './figure.ts';

/** How much a bench does, and whom it tells. */
export interface BenchOptions {
  /** How often each figure is measured. */
  readonly rounds: number;
  /** How long it measures, as a share of the time that it needs for figures to judge by. */
  readonly timeShare: number;
  /** Told what is going on, a line at a time. */
  readonly say: (line: string) => void;
}

/** What a bench found. */
export interface BenchResult {
  readonly figures: readonly Figure[];
  /** The figures drawn as this bench thinks best; by default each is a line of a table. */
  readonly lines?: readonly string[];
}

/** Measures something, several times. */
export type Bench = (options: BenchOptions) => Promise<BenchResult>;
