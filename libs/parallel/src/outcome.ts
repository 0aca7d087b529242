/** What became of work that may fail alone: its value, or the reason why there is none. */
export type Outcome<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: unknown };

/** A step, or one element of an `each` step, did not end within its own time. */
export class StepTimedOut extends Error {
  override readonly name = 'StepTimedOut';
  readonly step: string;
  readonly timeoutMs: number;

  constructor(step: string, timeoutMs: number) {
    super(`Step "${step}" did not end within ${timeoutMs} ms`);
    this.step = step;
    this.timeoutMs = timeoutMs;
  }
}

/** The plan's `deadlineMs` passed before the step had ended. */
export class PlanDeadlineExceeded extends Error {
  override readonly name = 'PlanDeadlineExceeded';
  readonly deadlineMs: number;

  constructor(deadlineMs: number) {
    super(`The plan did not end within ${deadlineMs} ms`);
    this.deadlineMs = deadlineMs;
  }
}

/** The step was stopped because a required sibling failed first; `cause` is that failure. */
export class SiblingFailed extends Error {
  override readonly name = 'SiblingFailed';
  readonly sibling: string;

  constructor(sibling: string, cause: unknown) {
    super(`Stopped because step "${sibling}" failed`, { cause });
    this.sibling = sibling;
  }
}

/** The step was skipped because a required step that it reads gave no value; `cause` says why. */
export class DependencyFailed extends Error {
  override readonly name = 'DependencyFailed';
  readonly dependency: string;

  constructor(step: string, dependency: string, cause: unknown) {
    super(`Step "${step}" reads "${dependency}", which gave no value`, { cause });
    this.dependency = dependency;
  }
}

/** The step was skipped because its condition does not hold, or because a step that it reads was. */
export class Skipped extends Error {
  override readonly name = 'Skipped';
  readonly step: string;
  /** The skipped step that it reads; undefined for a step whose own condition does not hold. */
  readonly dependency: string | undefined;

  constructor(step: string, dependency?: string) {
    super(
      dependency === undefined
        ? `Step "${step}" was skipped: its condition does not hold`
        : `Step "${step}" was skipped: it reads "${dependency}", which was skipped`,
    );
    this.step = step;
    this.dependency = dependency;
  }
}

/** What a step did could not be taken back; `cause` is the last failure of its undo. */
export class UndoFailed extends Error {
  override readonly name = 'UndoFailed';
  readonly step: string;

  constructor(step: string, cause: unknown) {
    super(`What step "${step}" did could not be undone`, { cause });
    this.step = step;
  }
}
