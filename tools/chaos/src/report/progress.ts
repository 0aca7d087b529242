import { type Counts, describeCounts } from './counts.ts';

/** Where progress is shown; a terminal has its line overwritten. */
export interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const barWidth = 24;
const terminalEveryMs = 200;
const pipeEveryMs = 3_000;

/** Shows the counts until `stop`: as a bar on a terminal, and as a line every three seconds elsewhere. */
export function showProgress(counts: Counts, screen: Screen): { stop(): void } {
  const began = performance.now();
  const show = (): void => {
    const line = `${bar(counts)} ${seconds(began).padStart(4)} s  ${describeCounts(counts)}`;
    screen.write(screen.isTTY ? `\r\u001b[K${line}` : `${line}\n`);
  };
  const timer = setInterval(show, screen.isTTY ? terminalEveryMs : pipeEveryMs);
  return {
    stop() {
      clearInterval(timer);
      show();
      if (screen.isTTY) screen.write('\n');
    },
  };
}

function bar({ ended, orders }: Counts): string {
  const filled = Math.round((ended / orders) * barWidth);
  return `[${'█'.repeat(filled)}${'·'.repeat(barWidth - filled)}]`;
}

const seconds = (began: number): string => ((performance.now() - began) / 1000).toFixed(0);
