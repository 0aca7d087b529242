/** A message as one line of JSON: times as ISO 8601, bytes as base64, whole numbers as numbers. */
export function jsonText(message: object): string {
  return JSON.stringify(message, function (this: Record<string, unknown>, key, value: unknown) {
    // What a Buffer or a Date is has been lost in `value` already.
    const original = this[key];
    if (original instanceof Uint8Array) return Buffer.from(original).toString('base64');
    if (typeof original === 'bigint') return Number(original);
    return value;
  });
}
