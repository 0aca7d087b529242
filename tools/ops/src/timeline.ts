import type { WatchedEvent } from '@trivium/async';
import type { OperationDescription } from '@trivium/contracts/trivium/operations/v1/operation_log';
import { durationText } from './duration-text.ts';
import { kindText, situationText, stateText, statusText } from './operation-text.ts';
import type { Screen } from './screen.ts';
import { cutText } from './table.ts';

type Paper = Pick<Screen, 'columns' | 'paint'>;

const offsetColumns = 12;
const kindColumns = 16;

/** The first lines of a timeline: which operation, and how it came to be. */
export function drawHead(operation: OperationDescription, { paint }: Paper): string[] {
  const { name, kind, state, attempt, requestId, createTime, traceparent, owner } = operation;
  const facts = [
    requestId && `request id ${requestId}`,
    createTime && `accepted ${createTime.toISOString()}`,
    operation.deadlineTime && `deadline ${operation.deadlineTime.toISOString()}`,
    owner && `worked on by ${owner}`,
    traceparent && `trace ${traceparent.split('-')[1]}`,
  ].filter(Boolean);
  return [
    `${paint('bold', name)}  ${kind}  ${paintState(stateText(state), paint)}  attempt ${attempt}`,
    paint('dim', facts.join(', ')),
  ];
}

/** An event as it is told: when, how long after the one before it, what and why. */
export interface TimelineEntry {
  readonly event: WatchedEvent;
  readonly previous: WatchedEvent | undefined;
  /** When the operation was accepted, in milliseconds of the epoch. */
  readonly startMs: number;
  /** How long the whole picture is, in milliseconds; undefined for a picture without bars. */
  readonly spanMs?: number;
}

/** The lines of one event; a new attempt has a line of its own before it. */
export function drawEvent(entry: TimelineEntry, { columns, paint }: Paper): string[] {
  const { event, previous, startMs } = entry;
  const atMs = event.time?.getTime() ?? startMs;
  const tookMs = atMs - (previous?.time?.getTime() ?? startMs);
  const kind = kindText(event);
  const isBad = event.error !== undefined;
  const bar = drawBar(entry, { atMs, tookMs, columns: barColumns(columns) });
  const front = [
    `+${durationText(atMs - startMs)}`.padStart(offsetColumns),
    durationText(tookMs).padStart(offsetColumns),
    kind.padEnd(kindColumns),
  ];
  const used = front.join('  ').length + 2 + (bar === undefined ? 0 : bar.length + 2);
  const told = event.description === kind ? '' : event.description;
  const line = [
    paint('dim', front[0]!),
    front[1],
    paint(isBad ? 'red' : 'bold', front[2]!),
    ...(bar === undefined ? [] : [paint(isBad ? 'red' : 'cyan', bar)]),
    cutText(told, Math.max(20, columns - used)),
  ];
  const lines = [line.join('  ').trimEnd()];
  const isNewAttempt = previous !== undefined && event.attempt > Math.max(1, previous.attempt);
  if (isNewAttempt) lines.unshift(paint('yellow', `  ── attempt ${event.attempt} ──`));
  const indent = ' '.repeat(2 * offsetColumns + 4);
  if (event.error) lines.push(`${indent}${paint('red', `because ${statusText(event.error)}`)}`);
  return lines;
}

/** The last lines of a timeline: what it waits for now, or how it ended. */
export function drawFoot(operation: OperationDescription, nowMs: number, paper: Paper): string[] {
  const { createTime, endTime, waitingSinceTime, state } = operation;
  const startMs = createTime?.getTime() ?? nowMs;
  const situation = situationText(operation);
  if (endTime) {
    const word = paintState(stateText(state), paper.paint);
    const after = durationText(endTime.getTime() - startMs);
    return [`${word} after ${after}${situation ? `: ${situation}` : ''}`];
  }
  const since = waitingSinceTime
    ? `, since ${durationText(nowMs - waitingSinceTime.getTime())}`
    : '';
  const age = `${durationText(nowMs - startMs)} old`;
  return [`Now, ${age}: ${paper.paint('yellow', `${situation || 'at work'}${since}`)}`];
}

/** A state in the colour that it deserves. */
export function paintState(state: string, paint: Screen['paint']): string {
  if (state === 'SUCCEEDED') return paint('green', state);
  if (state === 'FAILED') return paint('red', state);
  return paint('yellow', state);
}

function barColumns(columns: number): number {
  return Math.max(10, Math.min(40, Math.floor(columns / 4)));
}

/** When what the event tells of was under way: from the event before it until it. */
function drawBar(
  { spanMs, startMs, previous }: TimelineEntry,
  { atMs, tookMs, columns }: { atMs: number; tookMs: number; columns: number },
): string | undefined {
  if (spanMs === undefined) return undefined;
  if (!previous) return ' '.repeat(columns);
  const column = (ms: number) => Math.round((ms / Math.max(1, spanMs)) * columns);
  const from = Math.max(0, Math.min(columns - 1, column(atMs - startMs - tookMs)));
  // What took time is visible, however short it was.
  const length = Math.max(1, Math.min(columns, column(atMs - startMs)) - from);
  return `${' '.repeat(from)}${'█'.repeat(length)}${' '.repeat(columns - from - length)}`;
}
