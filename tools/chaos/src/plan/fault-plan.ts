import { createRandom } from '../random.ts';
import { type Target, targetsOf } from './target.ts';

/** Something that is done to a process. */
export interface Fault {
  readonly service: Target;
  /** `kill`: SIGKILL, and a new process in its place; `pause`: SIGSTOP, and SIGCONT after `pauseMs`. */
  readonly kind: 'kill' | 'pause';
  /** It comes once this many orders have been sent. */
  readonly atOrder: number;
  /** And this long after, in milliseconds. A service that is not back yet has it when it is. */
  readonly delayMs: number;
  /** How long a paused process stands still, in milliseconds; 0 for a kill. */
  readonly pauseMs: number;
}

/** How much is to happen, and while how much traffic. */
export interface FaultPlanOptions {
  readonly seed: number;
  readonly kills: number;
  readonly pauses: number;
  readonly orders: number;
  /** Whether a second checkout shares the store of the first. Default: false. */
  readonly twin?: boolean;
}

/** Checkout has the state of every order, and so is hit twice as often as each of the others, or it and its twin. */
const targetsFor = (twin: boolean): readonly Target[] =>
  twin ? targetsOf({ twin }) : [...targetsOf({ twin }), 'checkout'];

/** One kill in so many comes right after the one before, into a process that has just come back. */
const againInEvery = 8;
const maxDelayMs = 400;
/** Longer than an attempt of a call may take: some callers give up on a process that will go on. */
const [minPauseMs, maxPauseMs] = [500, 6_500];

/** Plans the faults, in the order in which they come: spread over the traffic, and over all services. */
export function planFaults(options: FaultPlanOptions): Fault[] {
  const { seed, kills, pauses, orders, twin = false } = options;
  const targets = targetsFor(twin);
  const random = createRandom(seed, 'faults');
  const faults: Fault[] = [];
  const spread = (count: number, kind: Fault['kind']): void => {
    for (let index = 0; index < count; index++) {
      const again = kind === 'kill' && index > 0 && random.below(againInEvery) === 0;
      const moment = Math.floor(((index + random.next()) * orders) / count);
      const pauseMs = minPauseMs + random.below(maxPauseMs - minPauseMs);
      faults.push({
        service: targets[index % targets.length]!,
        kind,
        atOrder: moment,
        delayMs: random.below(maxDelayMs),
        pauseMs: kind === 'pause' ? pauseMs : 0,
        ...(again && follow(faults.at(-1)!, random.below(50))),
      });
    }
  };
  spread(kills, 'kill');
  spread(pauses, 'pause');
  return faults.sort((a, b) => a.atOrder - b.atOrder);
}

const follow = ({ atOrder, service }: Fault, delayMs: number) => ({ atOrder, service, delayMs });

/** The plan as a person reads it: one line for each service. */
export function describeFaults(faults: readonly Fault[], { twin = false } = {}): string[] {
  const names = targetsOf({ twin });
  const width = Math.max(...names.map(({ length }) => length));
  return names.map((name) => {
    const moments = faults
      .filter(({ service }) => service === name)
      .map(({ kind, atOrder, delayMs, pauseMs }) => {
        const what = kind === 'kill' ? 'kill' : `pause ${(pauseMs / 1000).toFixed(1)} s`;
        return `${what} @${atOrder}+${delayMs}ms`;
      });
    return `  ${name.padEnd(width)}  ${moments.join(', ') || 'left alone'}`;
  });
}
