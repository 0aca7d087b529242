import type { StepType } from '@trivium/async';

/** How a value that is plain JSON is kept. */
export function jsonType<T>(): StepType<T> {
  return {
    encode: (value) => ({ finish: () => Buffer.from(JSON.stringify(value ?? null)) }),
    decode: (bytes) => JSON.parse(Buffer.from(bytes).toString()) as T,
  };
}
