/** Something does not hold that has to. */
export class CheckFailed extends Error {
  override readonly name = 'CheckFailed';
}

/** Throws CheckFailed unless something is there and true. */
export function must(holds: unknown, otherwise: string): asserts holds {
  if (!holds) throw new CheckFailed(otherwise);
}

/** Throws CheckFailed unless both are the same as JSON. */
export function mustEqual(actual: unknown, expected: unknown, otherwise = 'not the same'): void {
  const [is, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== wanted) throw new CheckFailed(`${otherwise}: ${is} instead of ${wanted}`);
}

/** Throws CheckFailed unless a promise rejects with an error of this class. */
export async function mustReject(
  promise: Promise<unknown>,
  ErrorClass: new (...args: never[]) => Error,
  otherwise: string,
): Promise<void> {
  const outcome = await promise.catch((error: unknown) => error);
  if (!(outcome instanceof ErrorClass)) throw new CheckFailed(`${otherwise}: ${String(outcome)}`);
}
