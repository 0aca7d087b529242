/** One reason why a carrier does not take a parcel. */
export interface Refusal {
  readonly reason: 'NOT_SERVED' | 'TOO_HEAVY' | 'TOO_LARGE';
  /** What the carrier's limit is, and what the parcel has, for a person. */
  readonly description: string;
}

/** A carrier does not take a parcel to a destination. It would not another time either. */
export class ParcelRefused extends Error {
  override readonly name = 'ParcelRefused';
  readonly carrierId: string;
  /** All reasons, at least one. */
  readonly refusals: readonly Refusal[];

  constructor(carrierId: string, refusals: readonly Refusal[]) {
    super(refusals.map(({ description }) => description).join('; '));
    this.carrierId = carrierId;
    this.refusals = refusals;
  }
}
