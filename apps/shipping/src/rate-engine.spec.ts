import { MalformedPostalCode } from './postal-code.ts';
import { createRateEngine, UnknownCarrier, type RateRequest } from './rate-engine.ts';
import { tariffs } from './tariffs.ts';

const request = (changes: Partial<RateRequest> = {}): RateRequest => ({
  carrierId: 'swift',
  parcel: { weightGrams: 480, sidesMm: [140, 115, 110] },
  destination: { country: 'DE', postalCode: '20457' },
  signal: new AbortController().signal,
  ...changes,
});

it('asks the carrier that is named', async () => {
  const engine = createRateEngine({ tariffs, delaysMs: new Map([['swift', 1]]) });
  await expect(engine.quote(request())).resolves.toMatchObject({ priceMinor: 1_021n });
});

it('knows only the carriers that it was given', async () => {
  const engine = createRateEngine({ tariffs: tariffs.slice(0, 2) });
  const failure = engine.quote(request());
  await expect(failure).rejects.toThrow(UnknownCarrier);
  await expect(failure).rejects.toThrow("No carrier 'swift' here; there are albatross, ox");
});

it('compares postal codes as their country writes them, however they were typed', async () => {
  const engine = createRateEngine({ tariffs });
  const destination = { country: 'DE', postalCode: 'DE 25980' };
  await expect(engine.quote(request({ destination }))).resolves.toMatchObject({ zone: 2 });
});

it('asks nobody about a postal code that cannot be', async () => {
  const engine = createRateEngine({ tariffs, delaysMs: new Map([['swift', 600_000]]) });
  const destination = { country: 'DE', postalCode: '2045' };
  await expect(engine.quote(request({ destination }))).rejects.toThrow(MalformedPostalCode);
});

it('stops waiting for a carrier when the signal aborts', async () => {
  const engine = createRateEngine({ tariffs, delaysMs: new Map([['swift', 600_000]]) });
  const controller = new AbortController();
  const answer = engine.quote(request({ signal: controller.signal }));
  controller.abort();
  await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
});

it('lets no carrier wait for another', async () => {
  const engine = createRateEngine({ tariffs, delaysMs: new Map([['swift', 600_000]]) });
  const controller = new AbortController();
  const slow = engine.quote(request({ signal: controller.signal }));
  await expect(engine.quote(request({ carrierId: 'postal' }))).resolves.toMatchObject({ zone: 1 });
  controller.abort();
  await expect(slow).rejects.toMatchObject({ name: 'AbortError' });
});
