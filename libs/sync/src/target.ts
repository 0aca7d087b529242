import { Bursts } from './hedge/bursts.ts';
import { HedgeBudget } from './hedge/hedge-budget.ts';
import { LatencyWindow } from './hedge/latency-window.ts';
import { TokenBucket, type TokenBucketOptions } from './retry/token-bucket.ts';

/** What is known of a target, and what calls to it may cost beyond themselves; all clients of the target share it. */
export interface Target {
  /** Lets calls be repeated, hedges included. */
  readonly bucket: TokenBucket;
  readonly hedgeBudget: HedgeBudget;
  /** The latest latencies of a method, by its path. */
  latenciesOf(path: string): LatencyWindow;
  /** The calls of a method that are made together, by its path. */
  burstsOf(path: string): Bursts;
}

/** Creates a target of its own: for a bucket of another size, or for what must not share one. */
export function createTarget(bucket: TokenBucketOptions = {}): Target {
  const latencies = new Map<string, LatencyWindow>();
  const bursts = new Map<string, Bursts>();
  return {
    bucket: new TokenBucket(bucket),
    hedgeBudget: new HedgeBudget(),
    latenciesOf: (path) => ofPath(latencies, path, () => new LatencyWindow()),
    burstsOf: (path) => ofPath(bursts, path, () => new Bursts()),
  };
}

function ofPath<T>(known: Map<string, T>, path: string, create: () => T): T {
  let found = known.get(path);
  if (!found) known.set(path, (found = create()));
  return found;
}

/** By address. A target is small, and addresses come from configuration, so they stay. */
const targets = new Map<string, Target>();

/** The target at this address, the same one for every client in the process. */
export function targetAt(address: string): Target {
  let target = targets.get(address);
  if (!target) targets.set(address, (target = createTarget()));
  return target;
}
