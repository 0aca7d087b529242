import fc from 'fast-check';
import {
  DependencyFailed,
  PlanDeadlineExceeded,
  Skipped,
  StepTimedOut,
  type Outcome,
} from './outcome.ts';
import { type Observed, observe } from './spec/observed-run.ts';
import { type RandomRun, randomRun } from './spec/random-plan.ts';

it('keeps its promises in two thousand random runs', async () => {
  await fc.assert(
    fc.asyncProperty(randomRun, async (random) => {
      const observed = await observe(random);
      startsWithWhatItReads(random, observed);
      endsEachStepOnce(random, observed);
      endsInTime(random, observed);
      leavesNoCall(random, observed);
      keepsLimits(random, observed);
      saysWhyItSkipped(random, observed);
      failsForAReason(random, observed);
      undoesInReverse(random, observed);
    }),
    { numRuns: 2_000 },
  );
}, 100_000);

function startsWithWhatItReads({ steps }: RandomRun, { calls, events }: Observed): void {
  const byName = new Map(steps.map((step) => [step.name, step]));
  for (const { step, reads, id } of calls) {
    expect(Object.keys(reads).sort()).toEqual(['input', ...step.reads].sort());
    const start = events.findIndex((event) => event.type === 'started' && event.id === id);
    for (const read of step.reads) {
      const end = events.findIndex((event) => event.type !== 'started' && event.id === read);
      expect(end).toBeGreaterThanOrEqual(0);
      expect(end).toBeLessThan(start);
      const arrived = reads[read];
      const { optional, list } = byName.get(read)!;
      const value = optional ? (arrived as Outcome<unknown>) : { ok: true, value: arrived };
      if (!value.ok) continue;
      if (list) expect(value).toMatchObject({ value: expect.any(Array) as unknown });
      else expect(value).toEqual({ ok: true, value: `${read}!` });
    }
  }
}

function endsEachStepOnce({ steps }: RandomRun, { events, completed, result }: Observed): void {
  expect(completed).toBe(true);
  const count = new Map<string, number>();
  for (const { type, id } of events) {
    if (type === 'undoing' || type === 'undone' || type === 'undoFailed') continue;
    const key = `${id} ${type === 'started' ? 'started' : 'ended'}`;
    count.set(key, (count.get(key) ?? 0) + 1);
    // Nothing starts after it has ended.
    if (type === 'started') expect(count.get(`${id} ended`)).toBeUndefined();
  }
  expect([...count.values()].every((times) => times === 1)).toBe(true);
  for (const { name } of steps) expect(count.get(`${name} ended`)).toBe(1);
  if (result) expect(Object.keys(result.values).sort()).toEqual(steps.map((s) => s.name).sort());
}

function endsInTime(
  { deadlineMs, cancelMs }: RandomRun,
  { outcome, cancelReason }: Observed,
): void {
  expect(outcome.atMs).toBeLessThanOrEqual(
    Math.min(deadlineMs ?? Infinity, cancelMs ?? Infinity) + 100,
  );
  if (outcome.reason === cancelReason) expect(outcome.atMs).toBe(cancelMs);
}

/** Half a second after the end no call is alive that heeds its signal, but for the losers of hedges. */
function leavesNoCall(_: RandomRun, { calls, outcome }: Observed): void {
  for (const { step, endMs } of calls) {
    if (step.behaviour.ignoresSignal || (outcome.ok && step.repeats === 'hedge')) continue;
    expect(endMs).toBeLessThanOrEqual(outcome.atMs + 500);
  }
}

function keepsLimits(random: RandomRun, { most, calls }: Observed): void {
  expect(most.get('all') ?? 0).toBeLessThanOrEqual(random.maxInFlight);
  for (const target of ['a', 'b']) {
    expect(most.get(target) ?? 0).toBeLessThanOrEqual(random.perTarget);
  }
  for (const { step } of calls) {
    if (!step.list) continue;
    const own = calls.filter((call) => call.step === step);
    const inFlightAt = (atMs: number): number =>
      own.filter(({ startMs, endMs }) => startMs <= atMs && endMs > atMs).length;
    expect(Math.max(...own.map(({ startMs }) => inFlightAt(startMs)))).toBeLessThanOrEqual(
      step.list.limit,
    );
  }
}

function saysWhyItSkipped({ steps }: RandomRun, { events, result, calls }: Observed): void {
  if (!result) return;
  const reasons = new Map(
    events.flatMap((event) => ('reason' in event ? [[event.id, event] as const] : [])),
  );
  for (const step of steps) {
    const event = reasons.get(step.name);
    if (!event || event.type !== 'skipped') continue;
    expect(calls.some(({ step: called }) => called === step)).toBe(false);
    const { reason } = event;
    if (reason instanceof Skipped && reason.dependency === undefined) {
      expect(step.when).toBe(false);
    } else if (reason instanceof Skipped || reason instanceof DependencyFailed) {
      const dependency = reasons.get(reason.dependency!)!;
      expect(step.reads).toContain(reason.dependency);
      expect(steps.find(({ name }) => name === reason.dependency)!.optional).toBe(false);
      expect((dependency as { reason: unknown }).reason instanceof Skipped).toBe(
        reason instanceof Skipped,
      );
    }
  }
}

/** A plan fails because it was cancelled, was late, or a call of a required step failed. */
function failsForAReason({ mode }: RandomRun, { outcome, cancelReason, calls }: Observed): void {
  if (outcome.ok || outcome.reason === cancelReason) return;
  expect(mode).toBe('failFast');
  const { reason } = outcome;
  if (reason instanceof PlanDeadlineExceeded) return;
  const { message } = reason as Error;
  const failed = calls.find(({ id }) =>
    reason instanceof StepTimedOut ? reason.step === id : message === id,
  );
  expect(failed?.step).toMatchObject({ optional: false });
}

function undoesInReverse(_: RandomRun, { undone, events, calls, outcome }: Observed): void {
  if (outcome.ok) return expect(undone).toEqual([]);
  const succeeded = new Set(
    calls.filter((call) => call.step.hasUndo && call.succeeded).map(({ id }) => id),
  );
  // A call that never ends keeps its place: an undo that needs the place fails, and says so.
  const failed = new Set(events.flatMap(({ type, id }) => (type === 'undoFailed' ? [id] : [])));
  if (failed.size > 0) expect(calls.some(({ endMs }) => endMs === Infinity)).toBe(true);
  const ended = events.filter(
    ({ type, id }) => endTypes.has(type) && succeeded.has(id) && !failed.has(id),
  );
  expect(undone).toEqual(ended.map(({ id }) => id).reverse());
}

const endTypes: ReadonlySet<string> = new Set(['succeeded', 'failed', 'skipped']);
