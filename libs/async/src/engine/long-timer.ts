// Node turns a longer delay into 1 ms.
const maxTimerMs = 2 ** 31 - 1;

/** Calls back at a time, however far away, unless it is stopped before; a timer keeps no process alive. */
export function startTimer(delayMs: number, callBack: () => void): { stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  let leftMs = delayMs;
  const next = (): void => {
    if (leftMs === Infinity) return;
    const nowMs = Math.max(0, Math.min(leftMs, maxTimerMs));
    leftMs -= nowMs;
    timer = setTimeout(leftMs > 0 ? next : callBack, nowMs);
    timer.unref();
  };
  next();
  return { stop: () => clearTimeout(timer) };
}
