import { contains, countryOf } from './area.ts';
import { computeRate } from './rate.ts';
import type { Parcel } from './parcel.ts';
import { countriesOf, remoteSurchargeMinor, zoneOf } from './tariff.ts';
import { tariffs } from './tariffs.ts';

const isAscending = (values: readonly (number | bigint)[]): boolean =>
  values.every((value, index) => index === 0 || value > values[index - 1]!);

it('has at least five carriers, each once, by id', () => {
  const ids = tariffs.map(({ carrierId }) => carrierId);
  expect(ids.length).toBeGreaterThanOrEqual(5);
  expect(ids).toEqual([...new Set(ids)].sort());
});

describe.each(tariffs.map((tariff) => [tariff.carrierId, tariff] as const))(
  'the tariff of %s',
  (_id, tariff) => {
    const areas = tariff.zones.flatMap((zone) => zone.areas);

    it('has a price for each weight break in each zone', () => {
      expect(isAscending(tariff.weightBreaksGrams)).toBe(true);
      for (const { pricesMinor } of tariff.zones) {
        expect(pricesMinor).toHaveLength(tariff.weightBreaksGrams.length);
      }
    });

    it('numbers its zones from the nearest, each dearer than the one before', () => {
      expect(tariff.zones.map(({ zone }) => zone)).toEqual(
        tariff.zones.map((_, index) => index + 1),
      );
      tariff.weightBreaksGrams.forEach((_, row) => {
        expect(isAscending(tariff.zones.map(({ pricesMinor }) => pricesMinor[row]!))).toBe(true);
      });
    });

    it('never asks less for more weight', () => {
      for (const { areas } of tariff.zones) {
        const [country, postalCode = ''] = areas[0]!.split(':');
        const priceOf = (sidesMm: Parcel['sidesMm']): bigint =>
          computeRate(unlimited, { weightGrams: 1, sidesMm }, { country: country!, postalCode })
            .priceMinor;
        const unlimited = { ...tariff, maxLengthMm: Infinity, maxGirthMm: Infinity };
        const prices = Array.from({ length: 120 }, (_, step) =>
          priceOf([1_000, 1_000, step * 9 + 1]),
        );
        expect(prices).toEqual(prices.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
      }
    });

    it('puts every area into one zone', () => {
      expect(areas).toEqual([...new Set(areas)]);
    });

    it('writes its areas as a country, or a country and the start of a postal code', () => {
      const remote = tariff.remoteSurcharges.flatMap((surcharge) => surcharge.areas);
      for (const area of [...areas, ...remote, ...tariff.notServed]) {
        expect(area).toMatch(/^[A-Z]{2}(:[A-Z0-9]+)?$/);
      }
    });

    it('lists its countries once each, in order', () => {
      expect(countriesOf(tariff)).toEqual([...new Set(areas.map(countryOf))].sort());
    });
  },
);

describe('areas', () => {
  const [tariff] = tariffs.filter(({ carrierId }) => carrierId === 'postal');

  it.each([
    ['19053', 1],
    ['10115', 2],
    ['20457', 1],
    ['01067', 3],
    ['80331', 3],
  ])('put %s into zone %i: the longest prefix counts', (postalCode, zone) => {
    expect(zoneOf(tariff!, { country: 'DE', postalCode })?.zone).toBe(zone);
  });

  it('hold no postal code of another country', () => {
    expect(contains('DE:20', { country: 'FR', postalCode: '20000' })).toBe(false);
    expect(contains('FR:20', { country: 'FR', postalCode: '20000' })).toBe(true);
    expect(contains('FR:20', { country: 'FR', postalCode: '02000' })).toBe(false);
  });

  it('make a remote place dearer, and its neighbour not', () => {
    expect(remoteSurchargeMinor(tariff!, { country: 'DE', postalCode: '25980' })).toBe(690n);
    expect(remoteSurchargeMinor(tariff!, { country: 'DE', postalCode: '25899' })).toBe(0n);
  });
});
