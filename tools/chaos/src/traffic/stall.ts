/** Whether anything moves. */
export interface StallDetector {
  /** Tells that something has. */
  moved(): void;
  readonly hasStalled: boolean;
  stop(): void;
}

const checkEveryMs = 1_000;

/** Calls `onStall` once nothing has moved for so long. */
export function detectStall(timeoutMs: number, onStall: () => void): StallDetector {
  let lastMs = performance.now();
  let hasStalled = false;
  const timer = setInterval(() => {
    if (performance.now() - lastMs < timeoutMs) return;
    hasStalled = true;
    clearInterval(timer);
    onStall();
  }, checkEveryMs);
  return {
    moved: () => void (lastMs = performance.now()),
    get hasStalled() {
      return hasStalled;
    },
    stop: () => clearInterval(timer),
  };
}
