import type { Evidence } from '../evidence/evidence.ts';
import type { Verdict } from './invariant.ts';
import { moneyInvariants } from './money-invariants.ts';
import { orderInvariants } from './order-invariants.ts';
import { shopInvariants } from './shop-invariants.ts';
import { stockInvariants } from './stock-invariants.ts';
import { watchInvariants } from './watch-invariants.ts';

const invariants = [
  ...orderInvariants,
  ...watchInvariants,
  ...stockInvariants,
  ...moneyInvariants,
  ...shopInvariants,
];

/** Judges the evidence by every invariant. */
export const judge = (evidence: Evidence): Verdict[] =>
  invariants.map((invariant) => ({
    name: invariant.name,
    violations: invariant.violations(evidence),
  }));
