/** A server that peers need, running. */
export interface PeerServer {
  /** Where its clients find it. */
  readonly url: string;
  /** Ends it, and resolves once it has ended. */
  stop(): Promise<void>;
}

/** A kind of server: whether it is on this machine, and how it is started. */
export interface PeerServerEntry {
  readonly title: string;
  /** What is missing, for a person; undefined when it can be started. */
  missing(): string | undefined;
  /** Starts it on free ports of the loopback address, with its data in a folder that is there and empty. */
  start(folder: string): Promise<PeerServer>;
}
