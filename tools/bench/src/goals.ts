/** What a figure has to be: at most, or at least, so much in its own unit. */
export type Goal = {
  /** The figure's name, as the bench reports it. */
  readonly figure: string;
} & ({ readonly atMost: number } | { readonly atLeast: number });

/** Whether a value is as the goal wants it; NaN never is. */
export const isMet = (goal: Goal, value: number): boolean =>
  'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast;

/** The goal as a person writes it: `≤ 2`. */
export const goalText = (goal: Goal): string =>
  'atMost' in goal ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`;

/** What our client has to reach with so many calls in flight, a deadline, a signal, metadata and error mapping on. */
const underLoad = (load: string): Goal[] => [
  { figure: `calls/s, ${load}: trivium, one channel / raw grpc-js`, atLeast: 1.1 },
  { figure: `calls/s, ${load}: trivium, default pool / raw grpc-js`, atLeast: 1.4 },
  { figure: `calls/s, ${load}: trivium, default pool / nice-grpc`, atLeast: 1.5 },
  { figure: `calls/s, ${load}: trivium, default pool / NestJS`, atLeast: 1.5 },
  { figure: `calls/s, ${load}: trivium, default pool / Connect-Node`, atLeast: 3.5 },
  { figure: `CPU per call, µs, ${load}: trivium, one channel / raw grpc-js`, atMost: 0.95 },
  { figure: `CPU per call, µs, ${load}: trivium, default pool / raw grpc-js`, atMost: 0.95 },
];

/** The goals of every bench. */
export const goals: Readonly<Record<string, readonly Goal[]>> = {
  shop: [
    { figure: 'npm start to the first drawn call, s', atMost: 8 },
    { figure: 'a service listening, slowest median, s', atMost: 1.5 },
    { figure: 'a service idle, largest median resident, MB', atMost: 120 },
    { figure: 'quote wall / its longest chain, carriers as over the internet', atMost: 1.25 },
    { figure: 'quote wall / its longest chain, carriers at once', atMost: 1.25 },
  ],
  sync: [
    ...underLoad('64 at a time'),
    ...underLoad('256 at a time'),
    { figure: 'p50, µs, 1 at a time: trivium, one channel / raw grpc-js', atMost: 1 },
    { figure: 'p50, µs, 1 at a time: trivium, default pool / raw grpc-js', atMost: 1 },
    {
      figure: 'calls/s, 1 MiB responses, 4 at a time: trivium, default pool / raw grpc-js',
      atLeast: 1.6,
    },
  ],
  overload: [
    { figure: 'goodput at 2 × / capacity: with the limiter', atLeast: 0.9 },
    { figure: 'goodput at 5 × / capacity: with the limiter', atLeast: 0.8 },
    { figure: 'goodput at 10 × / capacity: with the limiter', atLeast: 0.7 },
    { figure: 'accepted p99 at 10 × / p99 at 0.7 ×: with the limiter', atMost: 3 },
    { figure: 'back at 95 % after 10 ×, s: with the limiter', atMost: 5 },
  ],
  cancel: [
    { figure: 'innocent calls failed: trivium, one channel', atMost: 0 },
    { figure: 'innocent calls failed: trivium, default pool', atMost: 0 },
    { figure: 'innocent calls failed: trivium, one channel, to a trivium host', atMost: 0 },
  ],
  hedge: [
    { figure: 'p99: hedged / not hedged', atMost: 0.5 },
    { figure: 'attempts / calls: hedged', atMost: 1.05 },
  ],
  'retry-load': [{ figure: 'attempts / calls, all failing: with a budget', atMost: 1.1 }],
};
