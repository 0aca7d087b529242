/** The directions in which a line leaves a cell, as bits. */
export const North = 1;
export const East = 2;
export const South = 4;
export const West = 8;

/** The character of each combination of directions. */
const lines = ' │─╰││╭├─╯─┴╮┤┬┼';

/** A page of characters on which boxes and lines are drawn; lines that meet are joined. */
export class Grid {
  readonly #cells: Map<number, string | number>[] = [];

  /** Writes a text over whatever is there. */
  write(x: number, y: number, text: string): void {
    [...text].forEach((character, index) => this.#row(y).set(x + index, character));
  }

  /** A line down from one row to another, both included. */
  down(x: number, from: number, to: number): void {
    for (let y = from; y <= to; y++) {
      this.#join(x, y, (y > from ? North : 0) | (y < to ? South : 0));
    }
  }

  /** A line across from one column to another, both included. */
  across(y: number, one: number, other: number): void {
    const [from, to] = one < other ? [one, other] : [other, one];
    for (let x = from; x <= to; x++) this.#join(x, y, (x > from ? West : 0) | (x < to ? East : 0));
  }

  /** The rows as texts, without blanks at their ends. */
  rows(): string[] {
    return Array.from({ length: this.#cells.length }, (_, y) => {
      const row = this.#row(y);
      const width = Math.max(-1, ...row.keys()) + 1;
      return Array.from({ length: width }, (__, x) => {
        const cell = row.get(x) ?? ' ';
        return typeof cell === 'number' ? lines[cell] : cell;
      }).join('');
    });
  }

  #row(y: number): Map<number, string | number> {
    while (this.#cells.length <= y) this.#cells.push(new Map());
    return this.#cells[y]!;
  }

  #join(x: number, y: number, directions: number): void {
    const cell = this.#row(y).get(x) ?? 0;
    if (typeof cell === 'number') this.#row(y).set(x, cell | directions);
  }
}
