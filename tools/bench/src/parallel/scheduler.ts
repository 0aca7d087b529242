import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Step, dynamicPlan, run } from '@trivium/parallel';
import { answerMessages } from '../load/answer-messages.ts';

/** What a plan of so many steps costs beyond what its steps do. */
export interface SchedulerCost {
  readonly cpuUsPerStep: number;
  readonly bytesPerStep: number;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const { signal } = new AbortController();
const heapBytes = (): number => {
  collectGarbage();
  return process.memoryUsage().heapUsed;
};

/** Ten chains beside each other that read each other, of steps that give a promise and do nothing. */
function stepsOf(count: number, call: (place: number) => unknown): Step[] {
  return Array.from({ length: count }, (_, place) => ({
    name: `s${place}`,
    reads: place < 10 ? [] : [`s${place - 10}`, `s${place - (place % 10 === 0 ? 1 : 11)}`],
    call: () => call(place),
  }));
}

answerMessages(async ({ steps, times }: { steps: number; times: number }) => {
  const maxSteps = steps;
  const empty = dynamicPlan(
    stepsOf(steps, () => Promise.resolve()),
    { maxSteps },
  );
  const runOnce = () => run(empty, undefined, { signal }).result;
  for (let warm = 0; warm < Math.max(1, 50_000 / steps); warm++) await runOnce();
  const before = process.cpuUsage();
  for (let time = 0; time < times; time++) await runOnce();
  const { user, system } = process.cpuUsage(before);

  let duringBytes = 0;
  const observed = dynamicPlan(
    stepsOf(steps, (place) => {
      // The last but the ends of those beside it: everything is there that the run keeps.
      if (place === steps - 1) duringBytes = heapBytes();
      return Promise.resolve();
    }),
    { maxSteps },
  );
  const { steps: described } = observed;
  const beforeBytes = heapBytes();
  await run(observed, undefined, { signal }).result;
  return {
    cpuUsPerStep: (user + system) / (times * steps),
    bytesPerStep: (duringBytes - beforeBytes) / described.length,
  } satisfies SchedulerCost;
});
