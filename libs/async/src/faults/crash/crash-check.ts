import type { OperationStore } from '../../store/operation-store.ts';
import type { StoredEvent, StoredOperation } from '../../store/stored.ts';
import type { Entry } from './diary.ts';
import { onceStep, type WorkloadKind } from './workload.ts';

/** An operation as it is on disk after all crashes. */
interface Ended {
  readonly operation: StoredOperation;
  readonly events: readonly StoredEvent[];
}

/** Compares what is on disk after all crashes, and after everything has ended, with what the diary says. One line each. */
export async function crashViolations(
  store: OperationStore,
  diary: readonly Entry[],
): Promise<string[]> {
  const operations = new Map<string, Ended>();
  for (const operation of await store.list({ filter: {}, limit: 100_000 })) {
    const page = await store.events(operation.id, { after: 0, limit: 100_000 });
    operations.set(`operations/${operation.id}`, { operation, events: page?.events ?? [] });
  }
  return [
    ...lost(operations, diary),
    ...[...operations].flatMap(([name, ended]) => [
      ...wrongEvents(name, ended),
      ...wrongEffects(name, ended, effectsOf(diary, name)),
    ]),
    ...shownOtherwise(operations, diary),
  ];
}

type Effect = Extract<Entry, { entry: 'effect' }>;
const effectsOf = (diary: readonly Entry[], of: string): Effect[] =>
  diary.filter((each): each is Effect => each.entry === 'effect' && each.name === of);

/** Acknowledged, and not there any more, or there under another name. */
function lost(operations: ReadonlyMap<string, Ended>, diary: readonly Entry[]): string[] {
  const deleted = new Set(diary.flatMap((each) => (each.entry === 'deleting' ? each.name : [])));
  const requestIds = new Set<string>();
  const violations: string[] = [];
  for (const { operation } of operations.values()) {
    if (requestIds.has(operation.requestId))
      violations.push(`${operation.requestId}: accepted twice`);
    requestIds.add(operation.requestId);
  }
  for (const each of diary) {
    if (each.entry !== 'acknowledged' || deleted.has(each.name)) continue;
    const found = operations.get(each.name);
    if (!found) violations.push(`${each.name}: acknowledged, and lost`);
    else if (found.operation.requestId !== each.requestId) {
      violations.push(`${each.name}: of another request id than ${each.requestId}`);
    }
  }
  return violations;
}

const ends: ReadonlySet<number | string> = new Set(['SUCCEEDED', 'FAILED', 'CANCELLED']);

function wrongEvents(name: string, { operation, events }: Ended): string[] {
  const violations: string[] = [];
  if (events.some(({ sequence }, index) => sequence !== index + 1)) {
    violations.push(`${name}: events ${events.map(({ sequence }) => sequence).join(' ')}`);
  }
  const terminal = events.filter(({ kind, last }) => last || ends.has(kind)).length;
  if (terminal !== 1) violations.push(`${name}: ${terminal} terminal events`);
  if (!events.at(-1)?.last) violations.push(`${name}: its last event is ${events.at(-1)?.kind}`);
  if (operation.endTimeMs === undefined) violations.push(`${name}: it has not ended`);
  const due = {
    steps: ['SUCCEEDED'],
    once: ['SUCCEEDED', 'FAILED'],
    undone: ['FAILED'],
    cancelled: ['CANCELLED'],
  };
  const rightEnds: readonly (number | string)[] = due[operation.kind as WorkloadKind];
  const end = events.at(-1)?.kind ?? 'nothing';
  if (!rightEnds.includes(end)) violations.push(`${name}: ${operation.kind} ended with ${end}`);
  return violations;
}

/** What a watcher was shown has to be what is on disk. */
function shownOtherwise(operations: ReadonlyMap<string, Ended>, diary: readonly Entry[]): string[] {
  return diary.flatMap((each) => {
    if (each.entry !== 'seen') return [];
    const found = operations.get(each.name);
    const event = found?.events[each.sequence - 1];
    if (!found || event?.kind === each.kind) return [];
    return [
      `${each.name}: event ${each.sequence} was shown as ${each.kind} and is ${event?.kind ?? 'not there'}`,
    ];
  });
}

function wrongEffects(
  name: string,
  { operation, events }: Ended,
  effects: readonly Effect[],
): string[] {
  const violations: string[] = [];
  const of = (step: string): readonly Effect[] => effects.filter((each) => each.step === step);
  if (of(onceStep).length > 1)
    violations.push(`${name}: ${onceStep} ran ${of(onceStep).length} times`);
  const isUnknown = events.some(({ kind }) => kind === 'OUTCOME_UNKNOWN');
  const hasSucceeded = events.at(-1)?.kind === 'SUCCEEDED';
  if (operation.kind === 'once' && hasSucceeded === isUnknown) {
    violations.push(
      `${name}: ${hasSucceeded ? 'went well, although' : 'failed, and nothing says that'} an outcome is unknown`,
    );
  }
  for (const { kind, attempt } of events) {
    const step = /^(.*) done$/.exec(String(kind))?.[1];
    if (step === undefined) continue;
    if (of(step).length === 0) violations.push(`${name}: ${step} is recorded and never ran`);
    if (of(step).some((effect) => effect.attempt > attempt)) {
      violations.push(`${name}: ${step} was recorded in attempt ${attempt}, and ran again`);
    }
  }
  if (events.at(-1)?.kind !== 'SUCCEEDED') violations.push(...notUndone(name, effects));
  return violations;
}

/** Whatever had its effect has to be undone, the last first; so may be what only may have had it. */
function notUndone(name: string, effects: readonly Effect[]): string[] {
  const steps = [...new Set(effects.map(({ step }) => step))];
  const did = steps.filter((step) => !step.startsWith('undo '));
  const due = did.map((step) => `undo ${step}`).reverse();
  const undid = steps.filter((step) => due.includes(step));
  if (due.join() === undid.join()) return [];
  return [`${name}: did ${did.join(', ')} and then ${undid.join(', ') || 'undid nothing'}`];
}
