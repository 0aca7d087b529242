/** How a call that is slow gets a second one beside it; the first value of either counts. */
export interface HedgeOptions {
  /**
   * How long the first call is alone, in milliseconds. A function is asked at each call's start, and
   * may answer with undefined: then the call stays alone.
   */
  readonly delayMs: number | (() => number | undefined);
  /**
   * What happens to the call that was slower: it finishes unheard, and keeps its place in the limits
   * until then, or its signal aborts. Default: `finish`; a reset costs a connection more than a reply.
   */
  readonly losers?: 'finish' | 'abort';
}
