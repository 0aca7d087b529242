/** How a country writes its postal codes. */
interface PostalFormat {
  /** Matches a code in capitals, without spaces and hyphens. */
  readonly pattern: RegExp;
  /** For a person. */
  readonly wording: string;
}

/** A postal code that its country does not write like that. */
export class MalformedPostalCode extends Error {
  override readonly name = 'MalformedPostalCode';
}

const digits = (count: number): PostalFormat => ({
  pattern: new RegExp(`^\\d{${count}}$`),
  wording: `${count} digits`,
});

const fourDigitsFromOne: PostalFormat = {
  pattern: /^[1-9]\d{3}$/,
  wording: '4 digits, the first of them not 0',
};

/** Countries that are not here have no format that is checked. */
const formats: Readonly<Record<string, PostalFormat>> = {
  AT: fourDigitsFromOne,
  AU: digits(4),
  BE: fourDigitsFromOne,
  BG: fourDigitsFromOne,
  BR: digits(8),
  CA: { pattern: /^[A-Z]\d[A-Z]\d[A-Z]\d$/, wording: 'letters and digits by turns, like K1A 0B1' },
  CH: fourDigitsFromOne,
  CY: fourDigitsFromOne,
  CZ: digits(5),
  DE: { pattern: /^(?!00)\d{5}$/, wording: '5 digits, the first two of them not 00' },
  DK: digits(4),
  EE: digits(5),
  ES: { pattern: /^(0[1-9]|[1-4]\d|5[0-2])\d{3}$/, wording: '5 digits from 01000 to 52999' },
  FI: digits(5),
  FR: digits(5),
  GB: {
    pattern: /^[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}$/,
    wording: 'an outward and an inward code, like SW1A 1AA',
  },
  GR: digits(5),
  HR: digits(5),
  HU: fourDigitsFromOne,
  IE: { pattern: /^[A-Z]\d[\dW][A-Z\d]{4}$/, wording: 'an Eircode, like D02 X285' },
  IS: digits(3),
  IT: digits(5),
  JP: digits(7),
  KR: digits(5),
  LI: fourDigitsFromOne,
  LT: digits(5),
  LU: fourDigitsFromOne,
  LV: digits(4),
  MT: { pattern: /^[A-Z]{3}\d{4}$/, wording: '3 letters and 4 digits' },
  NL: { pattern: /^[1-9]\d{3}[A-Z]{2}$/, wording: '4 digits and 2 letters, like 1012 AB' },
  NO: digits(4),
  NZ: digits(4),
  PL: digits(5),
  PT: digits(7),
  RO: digits(6),
  SE: digits(5),
  SG: digits(6),
  SI: fourDigitsFromOne,
  SK: digits(5),
  US: { pattern: /^\d{5}(\d{4})?$/, wording: '5 digits, or 9' },
};

/**
 * Brings a postal code into the form that areas are compared with: in capitals, without spaces and
 * hyphens, and without the country's own letters in front (`LV-1010` becomes `1010`).
 * Throws `MalformedPostalCode` for a code that its country, where known, does not write like that.
 */
export function readPostalCode(country: string, text: string): string {
  const code = text.toUpperCase().replace(/[\s-]/g, '');
  const format = formats[country];
  if (!format || format.pattern.test(code)) return code;
  const bare = code.startsWith(country) ? code.slice(country.length) : code;
  if (format.pattern.test(bare)) return bare;
  throw new MalformedPostalCode(
    `is not a postal code of ${country}: write ${format.wording} (spaces and hyphens do not matter)`,
  );
}
