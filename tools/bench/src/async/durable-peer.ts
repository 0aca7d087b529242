/** How many pieces of work each has in hand at a time; what else was handed in waits on disk. */
export const CONCURRENCY = 64;

/** Something that makes work durable, under measurement. */
export interface DurablePeer {
  /**
   * Hands in a piece of work; resolves with its id once it is on disk. Nothing works on it before
   * `settle`, where the peer lets one hold it back. The request id is the caller's key, for those
   * that accept a request once.
   */
  start(requestId: string): Promise<string>;
  /** Hands in a piece of empty work; resolves with its id once it has been done and that is on disk. */
  finish(requestId: string): Promise<string>;
  /** Makes an end of what `start` handed in, so that it costs the next load nothing. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/** How a peer is opened: with where its server is, or with a folder of its own when it needs none. */
export interface DurablePeerModule {
  open(place: string): Promise<DurablePeer>;
}
