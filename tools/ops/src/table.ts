/** Rows as the lines of an aligned table; the last column is cut to what the screen has room for. */
export function drawTable(rows: readonly (readonly string[])[], columns: number): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) {
      widths[index] = Math.max(widths[index] ?? 0, cell.length);
    }
  }
  return rows.map((row) => {
    const line = row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ');
    return cutText(line.trimEnd(), columns);
  });
}

/** A text in one line of so many columns. */
export function cutText(text: string, columns: number): string {
  const line = text.replace(/\s+\n\s*|\n\s*/g, ' ');
  return line.length <= columns ? line : `${line.slice(0, Math.max(0, columns - 1))}…`;
}
