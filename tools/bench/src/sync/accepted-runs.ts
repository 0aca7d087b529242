/** How runs are made and judged. */
export interface RunPlan<T> {
  /** How many runs are wanted. */
  readonly wanted: number;
  /** Makes one: the `index`-th that is made, after so many were accepted. */
  readonly run: (index: number, accepted: number) => Promise<T>;
  /** How far the two bases of a run are apart: 0.05 for 5 %. */
  readonly disagreement: (run: T) => number;
  /** The most that they may be apart. */
  readonly tolerance: number;
  /** Told of each run that is thrown away, and of runs that are missing in the end. */
  readonly say: (line: string) => void;
}

/** In no run did the two bases agree. */
export class NoRunAccepted extends Error {
  override readonly name = 'NoRunAccepted';
}

/** How many runs are made for one that is wanted, at most. */
const ATTEMPTS_PER_RUN = 4;

/**
 * Makes runs until as many as wanted have bases that agree. One whose bases differ by more than the
 * tolerance measured the machine and not the peers: it is thrown away, whatever else it says, and
 * made again. Four are made for each one wanted at most; then it is said how many are missing.
 * `NoRunAccepted` when there is none at all.
 */
export async function acceptedRuns<T>(plan: RunPlan<T>): Promise<T[]> {
  const { wanted, run, disagreement, tolerance, say } = plan;
  const accepted: T[] = [];
  const attempts = wanted * ATTEMPTS_PER_RUN;
  for (let made = 0; accepted.length < wanted && made < attempts; made++) {
    const each = await run(made, accepted.length);
    const apart = disagreement(each);
    if (apart <= tolerance) accepted.push(each);
    else say(`thrown away and made again: its two bases differ by ${percent(apart)}`);
  }
  if (accepted.length === 0) {
    throw new NoRunAccepted(
      `In none of ${attempts} runs did the two bases agree to within ${percent(tolerance)}: the machine is too busy to measure on`,
    );
  }
  if (accepted.length < wanted) {
    say(`only ${accepted.length} of ${wanted} runs, after ${attempts} were made`);
  }
  return accepted;
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
