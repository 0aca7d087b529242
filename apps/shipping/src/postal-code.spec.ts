import { MalformedPostalCode, readPostalCode } from './postal-code.ts';

it.each([
  ['DE', '20457', '20457'],
  ['DE', ' 01067 ', '01067'],
  ['AT', '1010', '1010'],
  ['CH', 'CH-8001', '8001'],
  ['NL', '1012 ab', '1012AB'],
  ['FR', '20000', '20000'],
  ['PL', '00-950', '00950'],
  ['PT', '9000-001', '9000001'],
  ['SE', '621 45', '62145'],
  ['LV', 'LV-1010', '1010'],
  ['GB', 'ze1 0aa', 'ZE10AA'],
  ['IE', 'D02 X285', 'D02X285'],
  ['US', '96815-1234', '968151234'],
  ['MT', 'VLT 1117', 'VLT1117'],
])('reads the postal code of %s in %j as %s', (country, text, code) => {
  expect(readPostalCode(country, text)).toBe(code);
});

it.each([
  ['DE', '2045'],
  ['DE', '204577'],
  ['DE', '00123'],
  ['DE', '2O457'],
  ['DE', '٢٠٤٥٧'],
  ['NL', '1012'],
  ['NL', '0123 AB'],
  ['AT', '0101'],
  ['CH', '80011'],
  ['FR', '7500'],
  ['ES', '53001'],
  ['GB', '20457'],
  ['AT', 'DE-1010'],
])('refuses as a postal code of %s: %j', (country, text) => {
  expect(() => readPostalCode(country, text)).toThrow(MalformedPostalCode);
});

it('says how the country writes its codes', () => {
  expect(() => readPostalCode('NL', '20457')).toThrow(
    'is not a postal code of NL: write 4 digits and 2 letters, like 1012 AB',
  );
});

it('takes any code of a country whose format it does not know', () => {
  expect(readPostalCode('KE', '00-100')).toBe('00100');
});
