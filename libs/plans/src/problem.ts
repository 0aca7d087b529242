import { badRequest, Code, RpcError } from '@trivium/rpc';

/** Something that is wrong with a plan: where, and what would be right. */
export interface PlanProblem {
  /** The place in the plan's message, as in `steps[2].request.items[0].sku`; empty for all of it. */
  readonly path: string;
  /** What is wrong there, and what would be right. */
  readonly message: string;
  /** The line in the plan's text, from 1; absent for a plan that came as a message. */
  readonly line?: number;
  /** The column in that line, from 1. */
  readonly column?: number;
}

/** The most characters of problems that an error carries, so that they fit into a trailer. */
const MAX_TEXT_CHARACTERS = 3_000;

/** A plan that cannot be run, with everything that is wrong with it. */
export class PlanRefused extends Error {
  override readonly name = 'PlanRefused';
  readonly problems: readonly PlanProblem[];

  constructor(problems: readonly PlanProblem[]) {
    const [first] = problems;
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
    super(first ? problemLine(first) + more : 'The plan cannot be run');
    this.problems = problems;
  }

  /** `INVALID_ARGUMENT`, with a `BadRequest` of as many problems as a trailer holds. */
  toRpcError(): RpcError {
    let characters = 0;
    const fitting = this.problems.filter(({ path, message }, index) => {
      characters += path.length + message.length;
      return index === 0 || characters <= MAX_TEXT_CHARACTERS;
    });
    const violations = fitting.map((problem) => ({
      field: problem.path.slice(0, MAX_TEXT_CHARACTERS / 4),
      description: (position(problem) + problem.message).slice(0, MAX_TEXT_CHARACTERS / 2),
    }));
    return new RpcError(Code.INVALID_ARGUMENT, this.message.slice(0, MAX_TEXT_CHARACTERS / 4), {
      details: [badRequest(violations)],
      cause: this,
    });
  }
}

/** A problem in one line: `3:5 steps[0].method: …`. */
export function problemLine(problem: PlanProblem): string {
  const place = [position(problem).trim(), problem.path].filter(Boolean).join(' ');
  return place ? `${place}: ${problem.message}` : problem.message;
}

const position = ({ line, column }: PlanProblem): string =>
  line === undefined ? '' : `${line}:${column ?? 1} `;

/** How many problems are told at most: finding out more of them would take time for nobody. */
export const MAX_PROBLEMS = 100;

/** There are enough problems: what would find more of them is given up. */
export class EnoughProblems extends Error {
  override readonly name = 'EnoughProblems';
}

/** Takes down problems, the first one of each place, so that one slip is told once. */
export class ProblemList {
  readonly #byPath = new Map<string, PlanProblem>();

  /** Throws `EnoughProblems` when there are. */
  add(path: string, message: string): void {
    if (this.#byPath.has(path)) return;
    this.#byPath.set(path, { path, message });
    if (this.#byPath.size >= MAX_PROBLEMS) throw new EnoughProblems();
  }

  has(path: string): boolean {
    return this.#byPath.has(path);
  }

  get all(): readonly PlanProblem[] {
    return [...this.#byPath.values()];
  }
}

/** What some work gives, or undefined when it has found enough problems. */
export function untilEnough<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof EnoughProblems) return undefined;
    throw error;
  }
}
