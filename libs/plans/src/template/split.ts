/** A part of a text: as it is, or an expression. */
export type TextPart = { readonly text: string } | { readonly expression: string };

/** A text whose `${` has no end. */
export class UnclosedExpression extends Error {
  override readonly name = 'UnclosedExpression';
}

/**
 * Splits a text at its `${ … }`. `$${` stands for `${` as it is. Braces and quotes inside of an
 * expression are CEL's: the one that closes it is the first that belongs to neither.
 */
export function splitText(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let literal = '';
  let at = 0;
  while (at < text.length) {
    if (text.startsWith('$${', at)) {
      literal += '${';
      at += 3;
    } else if (text.startsWith('${', at)) {
      const end = closingBrace(text, at + 2);
      if (literal) parts.push({ text: literal });
      literal = '';
      parts.push({ expression: text.slice(at + 2, end).trim() });
      at = end + 1;
    } else literal += text[at++];
  }
  if (literal || parts.length === 0) parts.push({ text: literal });
  return parts;
}

function closingBrace(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === '"' || character === "'") at = endOfString(text, at);
    else if (character === '{') depth++;
    else if (character === '}' && depth-- === 0) return at;
  }
  throw new UnclosedExpression('${ without its }');
}

/** Where a string literal ends: quoted once or three times, raw (`r"…"`) or with escapes. */
function endOfString(text: string, at: number): number {
  const quote = text[at]!;
  const mark = text.startsWith(quote.repeat(3), at) ? quote.repeat(3) : quote;
  const raw = /(^|[^\w])[bB]?[rR][bB]?$/.test(text.slice(Math.max(0, at - 3), at));
  for (let i = at + mark.length; i < text.length; i++) {
    if (text[i] === '\\' && !raw) i++;
    else if (text.startsWith(mark, i)) return i + mark.length - 1;
  }
  throw new UnclosedExpression(`${mark} without its end`);
}
