/** The store cannot be used now: a full disk, a broken one, a lock. Later it may work again. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** What is kept is not what was written: bits have flipped, or a part is missing. */
export class StoreDamaged extends Error {
  override readonly name = 'StoreDamaged';
}

/** A run wrote to an operation that is somebody else's by now, or has ended. Nothing was changed. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
  /** The operation's id. */
  readonly id: string;
  /** The token that was refused. */
  readonly token: number;

  constructor({ id, token }: { readonly id: string; readonly token: number }) {
    super(`The lease on operation ${id} with token ${token} is not the present one`);
    this.id = id;
    this.token = token;
  }
}
