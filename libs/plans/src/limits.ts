/** What a plan may ask of the process that checks and runs it. */
export interface PlanLimits {
  /** The longest text of a plan, in bytes of UTF-8. Default: 512 KiB. */
  readonly maxTextBytes: number;
  /** The most characters of all expressions of a plan. Default: 100,000. */
  readonly maxExpressionText: number;
  /** The most values in a plan's requests and result. Default: 50,000. */
  readonly maxValues: number;
  /**
   * The most work that one request, condition, list or result may take: one unit for a
   * turn of a macro, a call or 32 characters. Default: 100,000, a fraction of a second.
   */
  readonly maxCost: number;
  /** The most work of all expressions of one run together. Default: 5,000,000. */
  readonly maxRunCost: number;
  /** The most elements in the list of a `for_each`. Default: 10,000. */
  readonly maxElements: number;
}

/** The limits where nothing else is said. */
export const defaultLimits: PlanLimits = {
  maxTextBytes: 512 * 1024,
  maxExpressionText: 100_000,
  maxValues: 50_000,
  maxCost: 100_000,
  maxRunCost: 5_000_000,
  maxElements: 10_000,
};

/** The longest expression, in characters, as the message of a plan says of conditions. */
export const maxExpressionCharacters = 4000;

/** How deep values and expressions may be nested: well before a stack ends. */
export const maxDepth = 64;
