import { styleText } from 'node:util';

/** A span of time in a waterfall: one call, or the wait of whoever made it. */
export interface Bar {
  readonly label: string;
  /** When it began and ended, in milliseconds after the beginning of the picture. */
  readonly startMs: number;
  readonly endMs: number;
  /** What it is: work that went well, work that failed, or somebody waiting. */
  readonly kind: 'work' | 'failed' | 'wait';
  /** What stands behind the duration, for example what it waited for. */
  readonly note?: string;
}

/** A picture of what happened when. */
export interface Waterfall {
  readonly title: string;
  readonly bars: readonly Bar[];
}

/** How wide a picture is, and how much time fits in. */
export interface Scale {
  /** The columns for the bars themselves. */
  readonly columns: number;
  /** The time that they stand for, in milliseconds. */
  readonly spanMs: number;
  /** The columns for the labels. */
  readonly labelColumns: number;
}

const ink = { work: '█', failed: '▓', wait: '░' } as const;
const colour = { work: 'cyan', failed: 'red', wait: 'gray' } as const;

/** Draws a waterfall as lines of text; `colours` adds terminal colours. */
export function drawWaterfall({ title, bars }: Waterfall, scale: Scale, colours = false): string[] {
  const paint = (format: Parameters<typeof styleText>[0], text: string) =>
    colours ? styleText(format, text, { validateStream: false }) : text;
  return [
    paint('bold', title),
    ...bars.map((bar) => {
      const from = Math.min(scale.columns - 1, column(bar.startMs, scale));
      // Something that happened is visible, however short it was.
      const length = Math.max(1, Math.min(column(bar.endMs, scale), scale.columns) - from);
      const label = bar.label.slice(0, scale.labelColumns).padEnd(scale.labelColumns);
      const space = ' '.repeat(scale.columns - from - length);
      const drawn = paint(colour[bar.kind], ink[bar.kind].repeat(length));
      const note = bar.note ? `  ${paint('dim', bar.note)}` : '';
      return `  ${label} ${' '.repeat(from)}${drawn}${space} ${milliseconds(bar.endMs - bar.startMs)}${note}`;
    }),
  ];
}

const column = (ms: number, { columns, spanMs }: Scale): number =>
  Math.max(0, Math.round((ms / spanMs) * columns));

/** A duration as a person reads it, in nine columns. */
export function milliseconds(ms: number): string {
  const text = ms < 10 ? ms.toFixed(1) : ms.toFixed(0);
  return `${text.padStart(6)} ms`;
}
