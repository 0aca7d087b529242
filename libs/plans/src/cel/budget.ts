/** The work that evaluation may still do, in units of about one iteration or call each. */
export interface Budget {
  left: number;
  readonly limit: number;
}

/** An expression took more work than it may: it iterates, or makes things, without end. */
export class CostExceeded extends Error {
  override readonly name = 'CostExceeded';

  constructor({ limit }: Budget) {
    super(`takes more work than the limit of ${limit} units: it iterates over or makes too much`);
  }
}

let current: Budget = { left: Infinity, limit: Infinity };

/** Does something on a budget. Evaluation is synchronous, so that there is one at a time. */
export function onBudget<T>(budget: Budget, work: () => T): T {
  const outer = current;
  current = budget;
  try {
    return work();
  } finally {
    current = outer;
  }
}

/** Takes so many units from the budget in force. Throws `CostExceeded` when they are not there. */
export function charge(units: number): void {
  current.left -= units;
  if (current.left < 0) throw new CostExceeded(current);
}
