import { styleText } from 'node:util';
import { milliseconds, remarkOf, type Waterfall, type WaterfallRow } from './waterfall.ts';

/** How a run is drawn as text. */
export interface WaterfallTextOptions {
  /** The widest line. Default: 100. */
  readonly columns?: number;
  /** Whether to use the colours of a terminal. Default: no. */
  readonly colours?: boolean;
}

const labelColumns = 20;

/**
 * Draws a run as a line for each call: `█` on the critical path, `▒` beside it, `×` where it failed,
 * and `·` for how much later it could have ended.
 */
export function drawWaterfall(
  { title, durationMs, error, rows }: Waterfall,
  { columns = 100, colours = false }: WaterfallTextOptions = {},
): string[] {
  const paint = (format: Parameters<typeof styleText>[0], text: string): string =>
    colours && text ? styleText(format, text, { validateStream: false }) : text;
  const labels = Math.min(labelColumns * 2, Math.max(4, ...rows.map(({ label }) => label.length)));
  const barColumns = Math.max(10, Math.min(50, columns - labels - 42));
  const column = (ms: number): number =>
    Math.min(barColumns, Math.max(0, Math.round((ms / Math.max(durationMs, 0.001)) * barColumns)));
  const line = (row: WaterfallRow): string => {
    const from = Math.min(barColumns - 1, column(row.startMs));
    // What happened is visible, however short it was.
    const length = row.state === 'skipped' ? 0 : Math.max(1, column(row.endMs) - from);
    const slack = Math.max(0, column(row.endMs + row.slackMs) - from - length);
    const rest = ' '.repeat(Math.max(0, barColumns - from - length - slack));
    const ink = row.state === 'failed' ? '×' : row.isCritical ? '█' : '▒';
    const bar = paint(colourOf(row), ink.repeat(length)) + paint('dim', '·'.repeat(slack));
    const label = cut(row.label, labels).padEnd(labels);
    const took = row.state === 'skipped' ? '' : milliseconds(row.endMs - row.startMs);
    const told = `${label} ${' '.repeat(from)}${bar}${rest} ${took.padStart(8)}`;
    const remark = cut(remarkOf(row), Math.max(16, columns - labels - barColumns - 12));
    return `${told}  ${paint('dim', remark)}`.trimEnd();
  };
  const head = `${title}: ${milliseconds(durationMs)}${error ? `, failed: ${error}` : ''}`;
  return [paint('bold', head), ...rows.map(line)];
}

const colourOf = ({ state, isCritical }: WaterfallRow) =>
  state === 'failed' ? 'red' : isCritical ? 'yellow' : 'cyan';

const cut = (text: string, columns: number): string =>
  text.length > columns ? `${text.slice(0, columns - 1)}…` : text;
