// Node turns a longer delay into 1 ms.
const longestDelayMs = 2 ** 31 - 1;

/**
 * Calls back once after `delayMs` milliseconds, however many they are; never for `Infinity`.
 * Returns what cancels it.
 */
export function startTimer(delayMs: number, callback: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const arm = (leftMs: number): void => {
    const rest = leftMs - longestDelayMs;
    timer =
      rest > 0
        ? setTimeout(() => arm(rest), longestDelayMs)
        : setTimeout(callback, Math.max(0, leftMs));
  };
  if (delayMs !== Infinity) arm(delayMs);
  return () => clearTimeout(timer);
}
