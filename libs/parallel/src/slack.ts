import type { StepTrace } from './trace.ts';

/**
 * How many milliseconds later each step could have ended without the run ending later, by id: the
 * total float of the critical path method. The steps of the critical path have none. A step's own
 * time is what passed from the end of the last one that it waited for to its own end, its wait for a
 * place in the limits included.
 */
export function slack(trace: readonly StepTrace[]): Map<string, number> {
  const byId = new Map(trace.map((step) => [step.id, step]));
  const endMs = trace.reduce((ms, step) => Math.max(ms, step.endMs), 0);
  const waitedFor = (step: StepTrace): StepTrace[] =>
    step.waitedFor.flatMap((id) => byId.get(id) ?? []);
  const readersLeft = new Map<string, number>();
  for (const step of trace) {
    for (const { id } of waitedFor(step)) readersLeft.set(id, (readersLeft.get(id) ?? 0) + 1);
  }
  // From the last step back, each after all that waited for it.
  const latestEndMs = new Map(trace.map((step) => [step.id, endMs]));
  const ready = trace.filter((step) => !readersLeft.has(step.id));
  for (const step of ready) {
    const earlier = waitedFor(step);
    const beganMs = earlier.reduce((ms, { endMs }) => Math.max(ms, endMs), 0);
    const latestBeginMs = latestEndMs.get(step.id)! - (step.endMs - beganMs);
    for (const { id } of earlier) {
      latestEndMs.set(id, Math.min(latestEndMs.get(id)!, latestBeginMs));
      const left = readersLeft.get(id)! - 1;
      readersLeft.set(id, left);
      if (left === 0) ready.push(byId.get(id)!);
    }
  }
  return new Map(trace.map((step) => [step.id, latestEndMs.get(step.id)! - step.endMs]));
}
