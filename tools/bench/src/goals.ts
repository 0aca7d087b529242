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

/** What calls at once have to reach, so many of them. */
const atOnce = (calls: number): Goal[] => [
  { figure: `wall p50, ${calls} calls: trivium / Promise.all`, atMost: 1 },
  { figure: `CPU a call, ${calls} calls: trivium / Promise.all`, atMost: 0.85 },
  { figure: `extra calls, ${calls} calls: trivium, hedged`, atMost: 0.1 },
];

/** What the scheduler may cost, whatever the size of a plan. */
const schedulerOf = (steps: string): Goal => ({
  figure: `scheduler, CPU a step, µs: ${steps} steps`,
  atMost: 3,
});

const bestOfAll = 'best of BullMQ, pg-boss, graphile-worker, Restate';

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
  async: [
    {
      figure: 'starts/s, in process: trivium / best of BullMQ, pg-boss, graphile-worker',
      atLeast: 3,
    },
    { figure: 'start to finished/s, in process: trivium / BullMQ', atLeast: 5 },
    { figure: 'start to finished/s, in process: trivium / pg-boss', atLeast: 10 },
    { figure: 'start to finished/s, in process: trivium / Restate', atLeast: 10 },
    { figure: `p99 of a start, ms, in process: trivium / ${bestOfAll}`, atMost: 1 },
    { figure: `p99 of start to finished, ms, in process: trivium / ${bestOfAll}`, atMost: 1 },
    { figure: 'starts/s, behind gRPC: trivium / echo', atLeast: 0.9 },
    { figure: 'starts/s, behind gRPC: trivium / raw grpc-js echo', atLeast: 0.9 },
    { figure: 'starts/s, behind gRPC: trivium / BullMQ', atLeast: 1.3 },
    { figure: 'start to finished/s, behind gRPC: trivium / echo', atLeast: 0.8 },
    { figure: 'start to finished/s, behind gRPC: trivium / raw grpc-js echo', atLeast: 0.8 },
    { figure: 'start to finished/s, behind gRPC: trivium / BullMQ', atLeast: 3 },
    { figure: 'p50 of start to finished, ms, in process, light load: trivium', atMost: 5 },
    { figure: 'p50 of start to finished, ms, behind gRPC, light load: trivium', atMost: 5 },
    { figure: 'p99 from an event to its watchers, ms: trivium', atMost: 50 },
    { figure: 'CPU per watcher and event, µs: trivium / raw grpc-js', atMost: 0.6 },
    { figure: 'memory of an idle watcher, KB: trivium', atMost: 20 },
    { figure: 'pending operations under way after a restart, s', atMost: 10 },
    // As fast and as dear, as far as a machine can tell: give or take a quarter.
    { figure: 'open, ms: long log / empty log', atMost: 1.25 },
    { figure: 'CPU of a start, µs: long log / empty log', atMost: 1.25 },
    { figure: 'p50 of reading an operation, µs: long log / empty log', atMost: 1.25 },
  ],
  orchestrator: [
    { figure: 'p50, ms, 1 at a time: through the orchestrator - direct', atMost: 1 },
    { figure: 'calls/s, 64 at a time: through the orchestrator / direct', atLeast: 0.4 },
  ],
  parallel: [
    ...['10', '100', '1,000', '10,000', '100,000'].map(schedulerOf),
    { figure: 'scheduler, bytes a step: 10,000 steps', atMost: 1_000 },
    { figure: 'scheduler, bytes a step: 100,000 steps', atMost: 1_000 },
    { figure: 'wall / critical path: diamond', atMost: 1.05 },
    { figure: 'wall / critical path: checkout', atMost: 1.05 },
    { figure: '1,000 calls, a limit of 16: most in flight, target a', atMost: 16 },
    { figure: '1,000 calls, a limit of 16: most in flight, target b', atMost: 16 },
    ...atOnce(8),
    ...atOnce(32),
    { figure: 'wall p99, 8 calls: trivium, hedged / Promise.all', atMost: 0.35 },
    { figure: 'wall p90, 32 calls: trivium, hedged / Promise.all', atMost: 0.35 },
    { figure: 'wall p99, 32 calls: trivium, hedged / Promise.all', atMost: 0.6 },
  ],
  'retry-load': [{ figure: 'attempts / calls, all failing: with a budget', atMost: 1.1 }],
};
