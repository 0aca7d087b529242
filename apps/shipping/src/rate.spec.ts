import type { Parcel } from './parcel.ts';
import { ParcelRefused } from './parcel-refused.ts';
import { computeRate } from './rate.ts';
import type { Tariff } from './tariff.ts';
import { tariffs } from './tariffs.ts';

const carrier = (id: string): Tariff => tariffs.find(({ carrierId }) => carrierId === id)!;
const box = (weightGrams: number, ...sidesMm: Parcel['sidesMm']): Parcel => ({
  weightGrams,
  sidesMm,
});

const mug = box(480, 140, 115, 110);
const duvet = box(2_150, 600, 450, 300);
const beanBag = box(6_400, 780, 620, 520);
const graniteBase = box(28_000, 520, 520, 120);
const parasol = box(16_800, 2_650, 240, 230);

type PriceCase = [
  carrierId: string,
  parcel: Parcel,
  country: string,
  postalCode: string,
  zone: number,
  billedWeightGrams: number,
  priceMinor: bigint,
  computation: string,
];

describe('the price of a parcel', () => {
  it.each<PriceCase>([
    // The actual weight decides: 1,771,000 mm³ / 6000 = 296 g, less than 480 g.
    ['postal', mug, 'DE', '20457', 1, 1_000, 444n, '439 + 1.25 % (5.4875 → 5)'],
    ['postal', mug, 'DE', '80331', 3, 1_000, 485n, '479 + 1.25 % (5.9875 → 6)'],
    ['swift', mug, 'DE', '20457', 1, 500, 1_021n, '890 + 14.75 % (131.275 → 131)'],
    ['albatross', mug, 'JP', '1000001', 4, 500, 2_353n, '1990 + 18.25 % (363.175 → 363)'],
    // The volume decides: 81,000,000 mm³ / 6000 = 13,500 g; / 5000 = 16,200 g.
    ['postal', duvet, 'DE', '20457', 1, 15_000, 1_113n, '1099 + 1.25 % (13.7375 → 14)'],
    ['swift', duvet, 'DE', '20457', 1, 20_000, 3_316n, '2890 + 14.75 % (426.275 → 426)'],
    // Beyond the last break: 20,250 g are 20,000 g and one step of 2500 g.
    ['stork', duvet, 'DE', '20457', 1, 22_500, 1_792n, '1489 + 190 + 6.75 % (113.3325 → 113)'],
    // 50,295 g are 25,000 g and 51 steps of 500 g.
    ['swift', beanBag, 'DE', '80331', 2, 50_500, 10_293n, '4890 + 51 × 80 + 14.75 % (1323.075)'],
    // 13,728,000 mm³ / 4000 = 3432 g, more than 1120 g.
    ['stork', box(1_120, 260, 240, 220), 'NL', '1012AB', 2, 5_000, 1_333n, '1249 + 84.3075'],
    ['ox', graniteBase, 'DE', '20457', 1, 30_000, 4_282n, '3900 + 9.8 % (382.2 → 382)'],
    // 146,280,000 mm³ / 4000 = 36,570 g, more than 16,800 g.
    ['ox', parasol, 'DE', '80331', 3, 50_000, 7_247n, '6600 + 9.8 % (646.8 → 647)'],
    // What a remote place costs is added last, without fuel.
    ['postal', mug, 'DE', '27498', 1, 1_000, 1_134n, '439 + 5 + 690 for Helgoland'],
    ['swift', mug, 'DE', '25980', 2, 500, 2_616n, '1190 + 175.525 → 176, + 1250 for Sylt'],
    ['albatross', mug, 'US', '96815', 3, 500, 4_898n, '1690 + 308.425 → 308, + 2900 for Hawaii'],
  ])(
    'is by %s, for %j to %s %s in zone %i, billed as %i g: %d cents (%s)',
    (id, parcel, country, postalCode, zone, billedWeightGrams, priceMinor) => {
      expect(computeRate(carrier(id), parcel, { country, postalCode })).toMatchObject({
        carrierId: id,
        zone,
        billedWeightGrams,
        priceMinor,
      });
    },
  );

  it.each([
    [1, 1_000, 444n, 'the lightest: 439 + 5.4875'],
    [1_000, 1_000, 444n, 'exactly at the first break: 439 + 5.4875'],
    [1_001, 2_000, 505n, 'a gram beyond it: 499 + 6.2375'],
    [24_999, 25_000, 1_720n, 'below the last break: 1699 + 21.2375'],
    [25_000, 25_000, 1_720n, 'exactly at the last break, the heaviest: 1699 + 21.2375'],
  ])('of %i g is billed as %i g at %d cents: %s', (grams, billedWeightGrams, priceMinor) => {
    const rate = computeRate(carrier('postal'), box(grams, 100, 100, 10), {
      country: 'DE',
      postalCode: '20457',
    });
    expect(rate).toMatchObject({ billedWeightGrams, priceMinor });
  });

  it.each([
    // 30,000,000 mm³ / 6000 = 5000 g: exactly at a break.
    [box(100, 500, 300, 200), 5_000, 606n, '599 + 7.4875'],
    // One layer of a millimetre more: 30,150,000 / 6000 = 5025 g.
    [box(100, 500, 300, 201), 10_000, 860n, '849 + 10.6125 → 11'],
    // 30,000,563 mm³ / 6000 = 5000.09: what is started counts, so 5001 g.
    [box(100, 323, 317, 293), 10_000, 860n, '849 + 10.6125 → 11'],
  ])('of %j by its volume is billed as %i g at %d cents: %s', (parcel, grams, priceMinor) => {
    const rate = computeRate(carrier('postal'), parcel, { country: 'DE', postalCode: '20457' });
    expect(rate).toMatchObject({ billedWeightGrams: grams, priceMinor });
  });

  it.each([
    [499n, 511n, '499 + 12.475 → 12'],
    [500n, 513n, '500 + 12.5 → 13'],
    [501n, 514n, '501 + 12.525 → 13'],
  ])('of %d cents with 2.5 %% fuel rounds half up to %d cents: %s', (baseMinor, priceMinor) => {
    const [zone] = carrier('postal').zones;
    const tariff: Tariff = {
      ...carrier('postal'),
      fuelSurchargeBps: 250n,
      zones: [{ ...zone!, pricesMinor: carrier('postal').weightBreaksGrams.map(() => baseMinor) }],
    };
    const destination = { country: 'DE', postalCode: '20457' };
    expect(computeRate(tariff, mug, destination).priceMinor).toBe(priceMinor);
  });

  it('comes with the days of its zone', () => {
    const destination = { country: 'CY', postalCode: '1010' };
    expect(computeRate(carrier('stork'), mug, destination).days).toEqual([6, 12]);
  });
});

describe('a parcel is refused', () => {
  const hamburg = { country: 'DE', postalCode: '20457' };
  const refusalsOf = (tariff: Tariff, parcel: Parcel, destination = hamburg): unknown => {
    try {
      return computeRate(tariff, parcel, destination);
    } catch (error) {
      expect(error).toBeInstanceOf(ParcelRefused);
      return (error as ParcelRefused).refusals.map(({ reason }) => reason);
    }
  };

  it.each([
    ['postal', mug, { country: 'AT', postalCode: '1010' }, ['NOT_SERVED']],
    ['stork', mug, { country: 'ES', postalCode: '35001' }, ['NOT_SERVED']],
    ['stork', mug, { country: 'DE', postalCode: '27498' }, ['NOT_SERVED']],
    ['postal', graniteBase, hamburg, ['TOO_HEAVY']],
    ['swift', box(25_001, 100, 100, 100), hamburg, ['TOO_HEAVY']],
    ['swift', box(1_000, 1_501, 100, 100), hamburg, ['TOO_LARGE']],
    // 1000 + 2 × (600 + 401) = 3002 mm, with 3000 mm allowed; and by its length alone.
    ['postal', box(1_000, 1_000, 600, 401), hamburg, ['TOO_LARGE']],
    ['postal', box(1_000, 100, 100, 1_201), hamburg, ['TOO_LARGE']],
    ['postal', parasol, hamburg, ['TOO_LARGE', 'TOO_LARGE']],
    [
      'stork',
      box(20_001, 1_001, 10, 10),
      { country: 'JP', postalCode: '1000001' },
      ['NOT_SERVED', 'TOO_HEAVY', 'TOO_LARGE'],
    ],
  ] as const)('by %s, %j to %j, for %j', (id, parcel, destination, reasons) => {
    expect(refusalsOf(carrier(id), parcel, destination)).toEqual(reasons);
  });

  it('not at the limits themselves, whichever side is the longest', () => {
    const atGirth = box(25_000, 600, 400, 1_000);
    const atLength = box(25_000, 100, 1_200, 100);
    expect(refusalsOf(carrier('postal'), atGirth)).toMatchObject({ zone: 1 });
    expect(refusalsOf(carrier('postal'), atLength)).toMatchObject({ zone: 1 });
  });

  it('with the limit and the measure in its message', () => {
    expect(() => computeRate(carrier('postal'), graniteBase, hamburg)).toThrow(
      'Hanse Post takes up to 25000 g, this parcel has 28000 g',
    );
  });
});
