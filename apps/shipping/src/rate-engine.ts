import { setTimeout as delay } from 'node:timers/promises';
import type { Destination } from './area.ts';
import type { Parcel } from './parcel.ts';
import { readPostalCode } from './postal-code.ts';
import { computeRate, type Rate } from './rate.ts';
import type { Tariff } from './tariff.ts';

/** A carrier that is not among those that are quoted for. */
export class UnknownCarrier extends Error {
  override readonly name = 'UnknownCarrier';
  readonly carrierId: string;
  readonly knownIds: readonly string[];

  constructor(carrierId: string, knownIds: readonly string[]) {
    super(`No carrier '${carrierId}' here; there are ${knownIds.join(', ')}`);
    this.carrierId = carrierId;
    this.knownIds = knownIds;
  }
}

/** Which carrier is asked, for what. */
export interface RateRequest {
  readonly carrierId: string;
  readonly parcel: Parcel;
  /** The postal code as a person writes it. */
  readonly destination: Destination;
  /** Ends the wait for the carrier. */
  readonly signal: AbortSignal;
}

/** The carriers of the shop, and what they ask. */
export interface RateEngine {
  /** The tariffs of all carriers, by id. */
  readonly tariffs: readonly Tariff[];
  /**
   * Asks one carrier for one rate. Rejects with `MalformedPostalCode`, `UnknownCarrier`, or
   * `ParcelRefused`, and with an `AbortError` once the signal aborts.
   */
  quote(request: RateRequest): Promise<Rate>;
}

/** Creates the engine over some tariffs. `delaysMs` is how long a carrier takes to answer, by id. */
export function createRateEngine(options: {
  readonly tariffs: readonly Tariff[];
  readonly delaysMs?: ReadonlyMap<string, number>;
}): RateEngine {
  const { tariffs, delaysMs } = options;
  const byId = new Map(tariffs.map((tariff) => [tariff.carrierId, tariff]));

  return {
    tariffs,
    async quote({ carrierId, parcel, destination: { country, postalCode }, signal }) {
      const destination = { country, postalCode: readPostalCode(country, postalCode) };
      const tariff = byId.get(carrierId);
      if (!tariff) throw new UnknownCarrier(carrierId, [...byId.keys()]);
      const delayMs = delaysMs?.get(carrierId) ?? 0;
      if (delayMs > 0) await delay(delayMs, undefined, { signal });
      return computeRate(tariff, parcel, destination);
    },
  };
}
