import { Report } from './report.ts';

const failure = `  ● a channel › waits its turn

    expect(received).toBe(expected)

      at src/channel.spec.ts:3:5`;

/** What Nx prints of three tasks: jest's with a failing test, a linter's that fails, and one that passes. */
const printed = `> nx run rpc:test

> node jest.js --rootDir libs/rpc

PASS libs/rpc/src/other.spec.ts
FAIL libs/rpc/src/channel.spec.ts
  ✓ opens (3 ms)
  ✕ waits its turn (9 ms)

${failure}

PASS libs/rpc/src/third.spec.ts

Summary of all failing tests
FAIL libs/rpc/src/channel.spec.ts
${failure}

Test Suites: 1 failed, 2 passed, 3 total
Tests:       1 failed, 1 skipped, 7 passed, 9 total

> nx run trivium:lint

src/a.ts
  3:1  error  no-debugger

> nx run plan:test  [existing outputs match the cache, left as is]

Tests:       4 passed, 4 total

\u001B[31m NX  Running targets test, lint for 3 projects failed\u001B[39m

\u001B[2mFailed tasks:\u001B[22m

\u001B[2m-\u001B[22m rpc:test
- trivium:lint

 NX  Nx detected 1 flaky tasks
  rpc:test
`;

function reportOf(text: string): Report {
  const report = new Report();
  for (const line of text.split('\n')) report.take(line);
  return report;
}

describe('the report of a run', () => {
  it('adds up the tests of all projects', () => {
    expect(reportOf(printed).tally).toEqual({ passed: 11, failed: 1, skipped: 1 });
  });

  it('tells each failing test once, and of other checks the end of what they printed', () => {
    expect(reportOf(printed).failures()).toEqual([
      `Failed: rpc:test\n\n${failure}`,
      `Failed: trivium:lint\n\nsrc/a.ts\n  3:1  error  no-debugger`,
    ]);
  });

  it('has nothing to tell where nothing failed', () => {
    expect(reportOf('> nx run a:test\n\nTests:       1 passed, 1 total\n').failures()).toEqual([]);
  });
});
