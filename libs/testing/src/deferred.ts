/** A promise that a test settles by hand. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(reason: unknown): void;
}

/** Creates a promise together with the functions that settle it. */
export function deferred<T = void>(): Deferred<T> {
  return Promise.withResolvers<T>();
}
