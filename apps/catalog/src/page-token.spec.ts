import { decodePageToken, encodePageToken, PageTokenRefused } from './page-token.ts';

const token = encodePageToken('blue mug', 'MUG-STONE-01');

it('carries the last SKU from one page to the next', () => {
  expect(decodePageToken('blue mug', token)).toBe('MUG-STONE-01');
});

it('is opaque and safe in a URL', () => {
  expect(token).toMatch(/^[A-Za-z0-9_-]+$/);
  expect(token).not.toContain('MUG');
});

it.each([
  ['text that was never a token', 'page-2'],
  ['nothing but a valid alphabet', 'AAAAAAAAAAAAAAAAAAAAAAAA'],
  ['a token without its end', token.slice(0, -1)],
  ['a token with something behind it', `${token}A`],
  ['padding', `${token}==`],
  ['a space', `${token} `],
  ['the other base64 alphabet', `+${token.slice(1)}`],
  ['an empty token', ''],
])('refuses %s, and says what to do', (_what, forged) => {
  expect(() => decodePageToken('blue mug', forged)).toThrow(PageTokenRefused);
  expect(() => decodePageToken('blue mug', forged)).toThrow(
    /^is not a page token of this list: pass the next_page_token of the page before, unchanged/,
  );
});

it('refuses a token in which any one byte is another', () => {
  const bytes = Buffer.from(token, 'base64url');
  bytes.forEach((byte, index) => {
    const changed = Buffer.from(bytes);
    changed[index] = byte ^ 1;
    expect(() => decodePageToken('blue mug', changed.toString('base64url'))).toThrow(
      PageTokenRefused,
    );
  });
});

it('refuses the token of another query, and says what to do', () => {
  expect(() => decodePageToken('red mug', token)).toThrow(
    /^was made for another filter: repeat the filter of the page before, or leave the token empty/,
  );
});
