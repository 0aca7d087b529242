import { createHash } from 'node:crypto';

const digits = 16;

/**
 * The number under which a carrier knows an order's parcel: up to three letters of the carrier, 16
 * digits and a check digit (modulo 10, weights 3 and 1, as in GS1's numbers). It follows from the
 * order, so that it is the same however often the hand-over is repeated.
 */
export function trackingNumber(orderId: string, carrierId: string): string {
  const hash = createHash('sha256').update(`${carrierId}\n${orderId}`).digest();
  const serial = (hash.readBigUInt64BE() % 10n ** BigInt(digits)).toString().padStart(digits, '0');
  return prefix(carrierId) + serial + checkDigit(serial);
}

/** The last digit of a number with its check digit, from the digits before it. */
export function checkDigit(serial: string): string {
  const weighted = [...serial].map(
    (digit, index) => Number(digit) * ((serial.length - index) % 2 === 1 ? 3 : 1),
  );
  const sum = weighted.reduce((total, value) => total + value, 0);
  return String((10 - (sum % 10)) % 10);
}

function prefix(carrierId: string): string {
  return carrierId
    .toUpperCase()
    .replaceAll(/[^A-Z]/g, '')
    .slice(0, 3);
}
