import { styleText } from 'node:util';

/** Where a command prints, and how wide and colourful it may be. */
export interface Screen {
  /** `Infinity` where it is no terminal: what is cut for the eye is lost to a program. */
  readonly columns: number;
  /** What was asked for. */
  print(...lines: string[]): void;
  /** What is told beside that, such as a lost connection. */
  note(line: string): void;
  /** The text in this format, or as it is where there are no colours. */
  paint(format: Parameters<typeof styleText>[0], text: string): string;
}

/** The screen of this process: colours on a terminal that has them, unless `NO_COLOR` is set. */
export function openScreen(): Screen {
  const colours = process.stdout.hasColors?.() ?? false;
  return {
    columns: process.stdout.columns ?? Infinity,
    print: (...lines) => lines.forEach((line) => process.stdout.write(`${line}\n`)),
    note: (line) => process.stderr.write(`… ${line}\n`),
    paint: (format, text) => (colours ? styleText(format, text, { validateStream: false }) : text),
  };
}
