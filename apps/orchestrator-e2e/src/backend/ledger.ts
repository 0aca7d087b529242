import { type Answers, type Backend, type BackendOptions, startBackend } from './backend.ts';

/** Starts a ledger that answers each method with what it was given, unless a spec says otherwise. */
export function startLedger(
  answers: Answers = {},
  options: Partial<BackendOptions> = {},
): Promise<Backend> {
  return startBackend({
    proto: 'ledger.proto',
    answers: {
      Get: ({ key }) => ({ key, amount_minor: '9007199254740993' }),
      Put: (entry) => entry,
      Post: (entry) => entry,
      Remove: ({ key }) => ({ key }),
      Follow: ({ key }) => [1, 2, 3].map((n) => ({ key, amount_minor: String(n) })),
      ...answers,
    },
    ...options,
  });
}

/** A step of a test that is held until it is released; `reached` resolves when a call gets there. */
export function gate(): {
  reached: Promise<void>;
  release: () => void;
  pass: <T>(value: T) => Promise<T>;
} {
  const reached = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  return {
    reached: reached.promise,
    release: opened.resolve,
    async pass(value) {
      reached.resolve();
      await opened.promise;
      return value;
    },
  };
}
