import type { Logger } from '@trivium/rpc';
import type { OperationStore } from '../store/operation-store.ts';
import type { OperationRun } from './operation-run.ts';
import type { RunFailure } from './run-log.ts';

/** What the runs of an engine share. */
export interface RunHost {
  readonly store: OperationStore;
  readonly log: Logger;
  /** The time in milliseconds of the epoch. */
  readonly clock: () => number;
  /** Told after each commit of a run, since watchers may want to read. */
  onCommit(run: OperationRun): void;
  /** Told when a run stands still because it can write no more. */
  onFailure(run: OperationRun, failure: RunFailure): void;
  /** Told once, when nothing of a run goes on any more. */
  onQuiet(run: OperationRun): void;
}
