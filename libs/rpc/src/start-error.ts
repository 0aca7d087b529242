/**
 * A reason why a service cannot start that its operator can do something about: a port in use, a
 * wrong setting. `runService` prints its message alone, without a stack.
 */
export class StartError extends Error {
  override readonly name = 'StartError';
}
