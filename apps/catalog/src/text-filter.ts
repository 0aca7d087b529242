/** Brings text into the form in which it is compared, so that case and composed accents do not matter. */
export function foldText(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/**
 * Splits a filter into its words, folded, each once and in order: two filters that ask for the same
 * products give the same words.
 */
export function filterWords(filter: string): readonly string[] {
  const words = foldText(filter)
    .split(/\s+/u)
    .filter((word) => word !== '');
  return [...new Set(words)].sort();
}
