import { celList, celMap, type CelValue } from '@bufbuild/cel';
import { create } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import { DurationSchema } from '@bufbuild/protobuf/wkt';
import { durationFromMs } from '@trivium/rpc';
import type { CompiledPlan } from '../compile/compiled-plan.ts';
import type { StepOutcome } from './outcome.ts';

/** What expressions of the result find under `trace`: how each call of the run went. */
export function traceValue({ stepOf }: CompiledPlan, steps: readonly StepOutcome[]): CelValue {
  const called = steps.filter(({ step, index, state }) => {
    // A fan-out is its elements, unless it never came to have any.
    return index !== undefined || !stepOf.get(step)?.forEach || state !== 'succeeded';
  });
  return celList(
    called.map((outcome) =>
      celMap(
        new Map<string, CelValue>([
          ['step', outcome.step],
          ['index', outcome.index === undefined ? null : BigInt(outcome.index)],
          ['method', stepOf.get(outcome.step)?.method.name ?? ''],
          ['state', outcome.state],
          ['status', statusOf(outcome)],
          ['waited_for', celList([...outcome.waitedFor])],
          ['start_offset', duration(outcome.startMs)],
          ['end_offset', duration(outcome.endMs)],
          ['attempts', BigInt(outcome.attempts)],
        ]),
      ),
    ),
  );
}

const statusOf = ({ error }: StepOutcome): CelValue =>
  celMap(
    new Map<string, CelValue>([
      ['code', BigInt(error?.code ?? 0)],
      ['message', error?.message ?? ''],
    ]),
  );

const duration = (ms: number): CelValue =>
  reflect(DurationSchema, create(DurationSchema, durationFromMs(Math.max(0, ms)))) as CelValue;
