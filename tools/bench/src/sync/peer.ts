/** A client library under measurement, connected to a server. */
export interface Peer {
  /**
   * Makes a call with a request and a response of about 100 bytes. The signal is its caller's, and
   * lives as long: such as that of a request for which several calls are made, one by one.
   */
  callSmall(signal: AbortSignal): Promise<unknown>;
  /** Makes a call whose response is 1 MiB; undefined where that is not compared. */
  callLarge?(signal: AbortSignal): Promise<unknown>;
  close(): void | Promise<void>;
}

/** How a peer is opened. */
export interface PeerModule {
  /** Connects to `host:port`. */
  open(address: string): Peer | Promise<Peer>;
}
