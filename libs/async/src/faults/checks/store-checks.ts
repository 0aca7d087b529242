import { durabilityChecks } from './durability-checks.ts';
import { eventChecks } from './event-checks.ts';
import { leaseChecks } from './lease-checks.ts';
import { recordChecks } from './record-checks.ts';
import type { StoreCheck } from './store-check.ts';

/** Everything that is checked of a store. */
export const storeChecks: readonly StoreCheck[] = [
  ...durabilityChecks,
  ...eventChecks,
  ...leaseChecks,
  ...recordChecks,
];
