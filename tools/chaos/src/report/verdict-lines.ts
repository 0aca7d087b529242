import type { Verdict } from '../invariants/invariant.ts';

const shownViolations = 5;

/** The verdicts as a person reads them, with the first violations of each. */
export const verdictLines = (verdicts: readonly Verdict[]): string[] =>
  verdicts.flatMap(({ name, violations }) => {
    if (violations.length === 0) return [`  holds     ${name}`];
    const more = violations.length - shownViolations;
    return [
      `  VIOLATED  ${name}: ${violations.length}`,
      ...violations.slice(0, shownViolations).map((violation) => `              ${violation}`),
      ...(more > 0 ? [`              … and ${more} more`] : []),
    ];
  });
