import fc from 'fast-check';

/** How the calls of a step go. */
export interface Behaviour {
  readonly ends: 'value' | 'failure' | 'never';
  readonly afterMs: number;
  /** Returns or throws instead of giving a promise. */
  readonly atOnce: boolean;
  readonly ignoresSignal: boolean;
}

/** A step of a random plan. */
export interface RandomStep {
  readonly name: string;
  readonly reads: readonly string[];
  readonly optional: boolean;
  readonly when: boolean | undefined;
  readonly timeoutMs: number | undefined;
  readonly estimateMs: number | undefined;
  readonly target: string | undefined;
  readonly repeats: 'not' | 'retry' | 'hedge';
  readonly hasUndo: boolean;
  /** Of a list: how many elements, how many at once, and whether each may fail alone. */
  readonly list:
    | { readonly length: number; readonly limit: number; readonly optionalItems: boolean }
    | undefined;
  readonly behaviour: Behaviour;
}

/** A random plan, and how it is run. */
export interface RandomRun {
  readonly steps: readonly RandomStep[];
  readonly mode: 'failFast' | 'collect';
  readonly deadlineMs: number | undefined;
  readonly cancelMs: number | undefined;
  readonly maxInFlight: number;
  readonly perTarget: number;
}

const behaviour: fc.Arbitrary<Behaviour> = fc.record({
  ends: fc.oneof(
    { arbitrary: fc.constant('value' as const), weight: 8 },
    { arbitrary: fc.constant('failure' as const), weight: 1 },
    { arbitrary: fc.constant('never' as const), weight: 1 },
  ),
  afterMs: fc.integer({ min: 0, max: 60 }),
  atOnce: fc.boolean(),
  ignoresSignal: fc.oneof(
    { arbitrary: fc.constant(false), weight: 4 },
    { arbitrary: fc.constant(true), weight: 1 },
  ),
});

const sometimes = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 2 });

const step = fc.record({
  links: fc.array(fc.nat(), { maxLength: 3 }),
  optional: fc.boolean(),
  when: fc.option(fc.boolean(), { nil: undefined, freq: 3 }),
  timeoutMs: sometimes(fc.integer({ min: 1, max: 40 })),
  estimateMs: sometimes(fc.integer({ min: 0, max: 100 })),
  target: fc.option(fc.constantFrom('a', 'b'), { nil: undefined }),
  repeats: fc.constantFrom('not' as const, 'not' as const, 'retry' as const, 'hedge' as const),
  hasUndo: fc.boolean(),
  list: sometimes(
    fc.record({
      length: fc.integer({ min: 0, max: 5 }),
      limit: fc.integer({ min: 1, max: 3 }),
      optionalItems: fc.boolean(),
    }),
  ),
  behaviour,
});

/** Random plans of up to twelve steps; each run has a deadline, or is cancelled, or both. */
export const randomRun: fc.Arbitrary<RandomRun> = fc
  .record({
    drafts: fc.array(step, { minLength: 1, maxLength: 12 }),
    mode: fc.constantFrom('failFast' as const, 'collect' as const),
    deadlineMs: fc.option(fc.integer({ min: 0, max: 400 }), { nil: undefined }),
    cancelMs: sometimes(fc.integer({ min: 0, max: 200 })),
    maxInFlight: fc.integer({ min: 1, max: 6 }),
    perTarget: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ drafts, deadlineMs, cancelMs, ...rest }) => ({
    ...rest,
    cancelMs,
    deadlineMs: deadlineMs ?? (cancelMs === undefined ? 300 : undefined),
    steps: drafts.map(({ links, ...draft }, place) => ({
      ...draft,
      name: `s${place}`,
      reads: place === 0 ? [] : [...new Set(links.map((link) => `s${link % place}`))],
      // What an undo finds is known for one call only.
      hasUndo: draft.hasUndo && draft.repeats === 'not',
    })),
  }));
