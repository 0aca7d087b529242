import type { RpcError } from './rpc-error.ts';

/** Maps a domain's error to the status that it leaves a service with; undefined if it is none. */
export type ErrorTable = (error: unknown) => RpcError | undefined;

/** A class of errors. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a class with any constructor
type ErrorClass<E> = abstract new (...args: any[]) => E;

/**
 * The table that maps a service's domain errors at its boundary, one row a class: the class, and
 * the status that an error of it becomes. The first row that fits wins, so a subclass comes before
 * its base.
 */
export function errorTable<const E extends readonly unknown[]>(rows: {
  readonly [K in keyof E]: readonly [ErrorClass<E[K]>, (error: E[K]) => RpcError];
}): ErrorTable {
  return (error) => {
    for (const [type, toRpcError] of rows) {
      if (error instanceof type) return toRpcError(error);
    }
    return undefined;
  };
}
