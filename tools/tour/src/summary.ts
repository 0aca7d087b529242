import type { Passage } from './recording.ts';
import { milliseconds } from './waterfall.ts';

/** The three ways beside each other: how long the caller waited, and how long until all was done. */
export function drawSummary(
  passages: Readonly<Record<string, Passage>>,
  columns: number,
): string[] {
  const rows = Object.entries(passages);
  const longest = Math.max(...rows.map(([, { doneAfterMs }]) => doneAfterMs));
  const bar = ({ callerWaitedMs, doneAfterMs }: Passage) => {
    const waited = Math.max(1, Math.round((callerWaitedMs / longest) * columns));
    const done = Math.max(waited, Math.round((doneAfterMs / longest) * columns));
    return '░'.repeat(waited) + '█'.repeat(done - waited) + ' '.repeat(columns - done);
  };
  return [
    'SIDE BY SIDE: ░ the caller waits, █ the work goes on without it',
    ...rows.map(
      ([name, passage]) =>
        `  ${name.padEnd(10)} ${bar(passage)} waited ${milliseconds(passage.callerWaitedMs).trim()}, ` +
        `done after ${milliseconds(passage.doneAfterMs).trim()}`,
    ),
  ];
}
