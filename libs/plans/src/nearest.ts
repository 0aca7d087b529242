/**
 * The known name that was probably meant: the nearest in spelling, letter case and underscores
 * aside, if it is near enough for so many slips.
 */
export function nearest(
  name: string,
  known: Iterable<string>,
  maxSlips = Math.min(6, Math.floor(name.length / 3)),
): string | undefined {
  const wanted = folded(name);
  let best: string | undefined;
  let bestDistance = maxSlips + 1;
  for (const candidate of known) {
    const distance = editDistance(wanted, folded(candidate), bestDistance);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** `; did you mean "…"?`, or nothing where no known name is near. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const best = nearest(name, known);
  return best === undefined ? '' : `; did you mean ${best}?`;
}

const folded = (name: string): string => name.slice(0, 200).toLowerCase().replaceAll('_', '');

/** The Levenshtein distance, or `limit` as soon as it cannot be less. */
function editDistance(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) >= limit) return limit;
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const change = from[i - 1] === to[j - 1] ? 0 : 1;
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + change);
    }
    if (Math.min(...next) >= limit) return limit;
    row = next;
  }
  return row[to.length]!;
}
