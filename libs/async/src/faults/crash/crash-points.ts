import type { SqlitePoint } from '../kill-at.ts';
import type { StorePoint } from '../store-points.ts';

/** A place at which a process can be made to end. */
export type CrashPoint =
  StorePoint | SqlitePoint | 'in a repeatable step' | 'in a step that runs once' | 'in an undo';

/** A place, and up to which of its passages in one process to end there. */
export interface NamedPoint {
  readonly point: CrashPoint;
  readonly passages: number;
  /** Whether only a process comes there that goes on with what another one has left. */
  readonly needsLeftovers?: boolean;
}

/** Before the store hears of a call, and after its commit and before its caller hears. */
const around = (call: string, passages: number, needsLeftovers = false): NamedPoint[] => [
  { point: `before ${call}` as StorePoint, passages, needsLeftovers },
  { point: `after ${call}` as StorePoint, passages, needsLeftovers },
];

/** Every place at which processes are killed. */
export const crashPoints: readonly NamedPoint[] = [
  ...around('accept', 8),
  ...around('claim', 1),
  ...around('renew', 2),
  ...around('release', 1),
  ...around('record step start', 2),
  ...around('record step outcome', 8),
  ...around('record event', 4),
  ...around('record metadata', 4),
  ...around('record result', 6),
  ...around('requestCancel', 2),
  ...around('cancelRequested', 2),
  ...around('events', 8),
  ...around('steps', 4, true),
  ...around('remove', 1),
  ...around('sweep', 2),
  ...around('leave', 1),
  { point: 'before a transaction', passages: 12 },
  { point: 'in a transaction', passages: 60 },
  { point: 'before a commit', passages: 12 },
  { point: 'after a commit', passages: 12 },
  { point: 'in a repeatable step', passages: 8 },
  { point: 'in a step that runs once', passages: 3 },
  { point: 'in an undo', passages: 4 },
];
