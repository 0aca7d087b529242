import { CHEAP_CALL_MS, type ConcurrencyLimit } from './concurrency-limit.ts';
import { MethodLatency } from './method-latency.ts';

/** How a gradient limit behaves. */
export interface GradientLimitOptions {
  /** Where it starts, and what it never exceeds. */
  readonly max: number;
  /** What it never falls below. Default 4. */
  readonly min?: number;
  /** How many times its unloaded time a call may take before the limit falls. Default 1.5. */
  readonly tolerance?: number;
  /** The shortest window that the limit is adjusted after, in milliseconds. Default 100. */
  readonly windowMs?: number;
  /** The share of time since it was last asked in which the event loop was busy, from 0 to 1. */
  readonly utilization?: () => number;
  /** A clock in milliseconds. Default `performance.now`. */
  readonly now?: () => number;
}

/** A window needs so many calls to say anything. */
const MIN_SAMPLES = 10;

/** From this share of busy time on, an event loop has nothing to spare. */
const BUSY = 0.95;

/** The floor where calls wait for others meanwhile: then so few may leave those others idle. */
const WAITING_FLOOR = 16;

/** How much room a host keeps for bursts that it has not proved to master. */
const BURST_ROOM = 32;

/** How much of the limit a window leaves at least. */
const MIN_GRADIENT = 0.5;

/**
 * After so many windows at the floor, each of which would have halved the limit, what calls take
 * there passes for what they take unloaded.
 */
const WINDOWS_AT_FLOOR = 5;

/**
 * Creates a limit that follows from how long calls take: the gradient of Netflix's concurrency-limits
 * and of Envoy's adaptive concurrency filter, on the minimum round trip of each method. After each
 * window:
 *
 *     gradient = tolerance x unloaded time / time in this window, from 0.5 to 1
 *     limit    = limit x gradient + sqrt(limit)           when at least half of it was used
 *     limit    = limit / 2, but not below the room for bursts   when less was used
 *
 * The square root is the queue that is allowed, and the probe for more. What differs from both:
 *
 * - Times are compared method by method, so that a change in what is called is not overload.
 * - The minimum is a mean, the lowest of any window, and rises only by calls that ran alone, so that
 *   times that vary by nature do not count as slow.
 * - A call counts for no more time than would halve the limit if all calls took it: one in twenty
 *   that hangs is no overload.
 * - It starts at `max`: nothing speaks against it yet.
 * - Calls that are too cheap to be worth refusing leave it at `max`.
 *
 * Sources: https://github.com/Netflix/concurrency-limits (Gradient2Limit) and
 * https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/adaptive_concurrency_filter
 */
export function createGradientLimit(options: GradientLimitOptions): ConcurrencyLimit {
  const { max, tolerance = 1.5, windowMs = 100, now = () => performance.now() } = options;
  const min = Math.min(options.min ?? 4, max);
  const utilization = options.utilization ?? loopUtilization();
  if (!(min > 0)) throw new RangeError(`The least limit of calls must be above 0: ${min}`);

  const methods = new Map<string, MethodLatency>();
  let limit = max;
  let isSaturated = false;
  let windowsAtFloor = 0;
  let window = openWindow();

  function openWindow() {
    const sums = { count: 0, oneTurn: 0, takenMs: 0, unloadedMs: 0, refusals: 0 };
    return { ...sums, peak: 0, openedAtMs: now() };
  }

  function endWindow(): void {
    const isBusy = utilization() >= BUSY;
    isSaturated = isBusy || window.refusals > 0 || window.peak >= limit / 2;
    const isWaiting = window.oneTurn < window.count / 2;
    const floor = isWaiting ? Math.min(max, Math.max(min, WAITING_FLOOR)) : min;
    const gradient = isSaturated ? gradientOfWindow() : 1;
    limit = Math.min(max, Math.max(floor, nextLimit(gradient)));

    const isTooHigh = limit === floor && gradient === MIN_GRADIENT;
    windowsAtFloor = isTooHigh ? windowsAtFloor + 1 : 0;
    const trusted = windowsAtFloor >= WINDOWS_AT_FLOOR;
    for (const latency of methods.values()) latency.endWindow({ trusted });
    if (trusted) windowsAtFloor = 0;
    window = openWindow();
  }

  function gradientOfWindow(): number {
    const { takenMs, unloadedMs } = window;
    return Math.min(1, Math.max(MIN_GRADIENT, (tolerance * unloadedMs) / takenMs));
  }

  function nextLimit(gradient: number): number {
    const { openedAtMs, count, unloadedMs } = window;
    const costMs = Math.min(now() - openedAtMs, unloadedMs) / count;
    if (costMs < CHEAP_CALL_MS) return max;
    if (!isSaturated) {
      return limit > BURST_ROOM ? Math.max(BURST_ROOM, limit / 2) : limit + Math.sqrt(limit);
    }
    return limit * gradient + Math.sqrt(limit);
  }

  return {
    get current() {
      return Math.floor(limit);
    },
    get isSaturated() {
      return isSaturated;
    },
    observe({ method, ms, inFlight, isAlone, isOneTurn }) {
      let latency = methods.get(method);
      if (!latency) methods.set(method, (latency = new MethodLatency(ms)));
      latency.observe(ms, isAlone);
      window.count += 1;
      if (isOneTurn) window.oneTurn += 1;
      // Slower calls could lower the limit no further; but a few that are slow by nature would pass for an overload.
      window.takenMs += Math.min(ms, (tolerance / MIN_GRADIENT) * latency.baselineMs);
      window.unloadedMs += Math.min(ms, latency.baselineMs);
      window.peak = Math.max(window.peak, inFlight);
      if (window.count >= MIN_SAMPLES && now() - window.openedAtMs >= windowMs) endWindow();
    },
    noteRefusal() {
      window.refusals += 1;
    },
    typicalMs: (method) => methods.get(method)?.typicalMs,
    unloadedMs: (method) => methods.get(method)?.baselineMs,
  };
}

/** The busy share of this thread's event loop since the last time that it was asked. */
function loopUtilization(): () => number {
  let last = performance.eventLoopUtilization();
  return () => {
    const current = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(current, last);
    last = current;
    return utilization;
  };
}
