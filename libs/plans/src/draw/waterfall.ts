import type { CompiledPlan } from '../compile/compiled-plan.ts';
import type { PlanOutcome, StepOutcome } from '../run/outcome.ts';
import { withoutPackage } from './plan-graph.ts';

/** A run as a picture shows it: who worked when, and what the run could not have been faster than. */
export interface Waterfall {
  readonly title: string;
  readonly durationMs: number;
  /** Why the run failed; empty when it did not. */
  readonly error: string;
  readonly rows: readonly WaterfallRow[];
}

/** One call in a picture of a run. */
export interface WaterfallRow {
  /** The step, or the element as `rates[0]`. */
  readonly label: string;
  readonly method: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly state: StepOutcome['state'];
  /** Whether the run would have been faster if it had been. */
  readonly isCritical: boolean;
  readonly slackMs: number;
  readonly attempts: number;
  /** Why there is no reply; empty when there is one. */
  readonly reason: string;
}

/** The picture of a run, before it is drawn. */
export function waterfallOf(compiled: CompiledPlan, outcome: PlanOutcome): Waterfall {
  const critical = new Set(outcome.criticalPath);
  return {
    title: compiled.plan.name || 'plan',
    durationMs: outcome.durationMs,
    error: outcome.error?.message ?? '',
    rows: outcome.steps.map((one) => {
      const label = one.index === undefined ? one.step : `${one.step}[${one.index}]`;
      return {
        label,
        method: withoutPackage(compiled.stepOf.get(one.step)?.method.name ?? ''),
        startMs: one.startMs,
        endMs: one.endMs,
        state: one.state,
        isCritical: critical.has(label),
        slackMs: one.slackMs ?? 0,
        attempts: one.attempts,
        reason: one.error?.message ?? '',
      };
    }),
  };
}

/** A duration as a person reads it: `0.4 ms`, `12 ms`, `3.2 s`. */
export function milliseconds(ms: number): string {
  if (ms >= 10_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
}

/** What stands behind a bar: calls that were repeated, slack, why there is no reply. */
export function remarkOf({ state, isCritical, slackMs, attempts, reason }: WaterfallRow): string {
  if (state === 'skipped') return `skipped: ${reason}`;
  const parts = [
    ...(attempts > 1 ? [`${attempts} attempts`] : []),
    ...(isCritical ? ['critical'] : slackMs >= 0.05 ? [`slack ${milliseconds(slackMs)}`] : []),
    ...(state === 'failed' ? [`failed: ${reason}`] : []),
  ];
  return parts.join(', ');
}
