import { tariffs } from './tariffs.ts';

const MAX_DELAY_MS = 600_000;

const knownIds = tariffs.map(({ carrierId }) => carrierId);

const items = (text: string): readonly string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

function knownCarrier(id: string): string {
  if (knownIds.includes(id)) return id;
  throw new Error(`names '${id}', which is no carrier: the known ones are ${knownIds.join(', ')}`);
}

/**
 * Reads a list of carriers, `swift,postal`. Nothing at all means every carrier.
 * Throws an error that names the known carriers when one is not known.
 */
export function readCarrierIds(text = ''): readonly string[] {
  const ids = new Set(items(text).map(knownCarrier));
  return ids.size > 0 ? [...ids] : knownIds;
}

/**
 * Reads how long carriers take to answer, in milliseconds: `swift=40,postal=90`.
 * Throws an error that says what is wrong with an item.
 */
export function readDelaysMs(text: string): ReadonlyMap<string, number> {
  return new Map(
    items(text).map((item) => {
      const [, id, digits] = /^([^=]+)=(\d+)$/.exec(item) ?? [];
      if (id === undefined || Number(digits) > MAX_DELAY_MS) {
        throw new Error(
          `has '${item}' instead of a carrier and its milliseconds (0 to ${MAX_DELAY_MS}), like swift=40`,
        );
      }
      return [knownCarrier(id.trim()), Number(digits)];
    }),
  );
}
