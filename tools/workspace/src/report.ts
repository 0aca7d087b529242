import { stripVTControlCharacters } from 'node:util';

/** How many lines of a failed check that is not jest's are told again; its end says what is wrong. */
const tailLines = 60;

/**
 * What a run of checks came to, read line by line from what Nx prints (`--outputStyle=static`): how many tests passed,
 * failed and were skipped, and what failed, so that it can stand at the end, where a person and a CI's page look.
 */
export class Report {
  readonly tally = { passed: 0, failed: 0, skipped: 0 };
  readonly #outputOf = new Map<string, string[]>();
  readonly #failedTasks = new Set<string>();
  #output: string[] = [];
  #listsFailedTasks = false;

  /** Takes in the next line, with or without colours. */
  take(coloured: string): void {
    const line = stripVTControlCharacters(coloured);
    const task = /^> nx run (\S+)/.exec(line)?.[1];
    if (task !== undefined) this.#outputOf.set(task, (this.#output = []));
    else this.#output.push(line);
    this.#readFailedTasks(line);
    this.#count(line);
  }

  /** For each failed task its name and its failing tests, or the end of what it printed; empty if none failed. */
  failures(): string[] {
    return [...this.#failedTasks].map((task) => {
      const output = this.#outputOf.get(task) ?? [];
      const tests = failingTests(output);
      const told = tests.length > 0 ? tests : [output.slice(-tailLines).join('\n').trim()];
      return [`Failed: ${task}`, ...told].join('\n\n');
    });
  }

  /** Nx ends with `Failed tasks:` and a line `- project:target` for each. */
  #readFailedTasks(line: string): void {
    if (/^\s*Failed tasks:/.test(line)) this.#listsFailedTasks = true;
    if (!this.#listsFailedTasks) return;
    const task = /^\s*- (\S+:\S+)/.exec(line)?.[1];
    if (task !== undefined) this.#failedTasks.add(task);
  }

  /** Adds up what jest says at the end of each project: `Tests: 1 failed, 2 skipped, 3 passed, 6 total`. */
  #count(line: string): void {
    if (!/^\s*Tests: /.test(line)) return;
    for (const [, number, outcome] of line.matchAll(/(\d+) (passed|failed|skipped)/g)) {
      this.tally[outcome as keyof typeof this.tally] += Number(number);
    }
  }
}

/** Jest's paragraphs that begin with ●, once each: with many files it repeats them in a summary. */
function failingTests(output: readonly string[]): string[] {
  const paragraphs: string[][] = [];
  let paragraph: string[] | undefined;
  for (const line of output) {
    if (/^\s*● /.test(line)) paragraphs.push((paragraph = []));
    else if (/^\s*(PASS|FAIL|Test Suites:|Summary of all)/.test(line)) paragraph = undefined;
    paragraph?.push(line);
  }
  return [...new Set(paragraphs.map((lines) => lines.join('\n').trimEnd()))];
}
