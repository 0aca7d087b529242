import { readCarrierIds, readDelaysMs } from './carrier-settings.ts';
import { tariffs } from './tariffs.ts';

const everyCarrier = tariffs.map(({ carrierId }) => carrierId);

describe('the carriers to quote for', () => {
  it.each([undefined, '', ' , '])('are all of them for %j', (text) => {
    expect(readCarrierIds(text)).toEqual(everyCarrier);
  });

  it('are those that are named', () => {
    expect(readCarrierIds('swift, postal,swift')).toEqual(['swift', 'postal']);
  });

  it('are refused with the known ones when one is not known', () => {
    expect(() => readCarrierIds('swift,snail')).toThrow(
      `names 'snail', which is no carrier: the known ones are ${everyCarrier.join(', ')}`,
    );
  });
});

describe('the delays of carriers', () => {
  it('are read as pairs', () => {
    expect([...readDelaysMs('swift=40, postal=90')]).toEqual([
      ['swift', 40],
      ['postal', 90],
    ]);
  });

  it.each(['swift', 'swift=', 'swift=-1', 'swift=1.5', 'swift=600001', '=40', 'swift=40=50'])(
    'are refused with the remedy for %j',
    (text) => {
      expect(() => readDelaysMs(text)).toThrow(
        `has '${text}' instead of a carrier and its milliseconds (0 to 600000), like swift=40`,
      );
    },
  );

  it('are refused for a carrier that is not known', () => {
    expect(() => readDelaysMs('snail=9000')).toThrow("names 'snail', which is no carrier");
  });
});
