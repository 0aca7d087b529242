import type { Evidence } from '../evidence/evidence.ts';

/** Something that holds whatever is killed. */
export interface Invariant {
  /** What holds, as a sentence. */
  readonly name: string;
  /** Where it does not hold, one line each; empty when it does. */
  violations(evidence: Evidence): string[];
}

/** What came of one invariant. */
export interface Verdict {
  readonly name: string;
  readonly violations: readonly string[];
}
