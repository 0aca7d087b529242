/** What the process of an owner of operations is told over IPC; it answers when that has come true. */
export type OwnerCommand =
  /** So many operations have been accepted, and none of them ends. */
  | { readonly what: 'fill'; readonly operations: number }
  /** The work of so many operations, left by a process before, is under way. */
  | { readonly what: 'resume'; readonly operations: number };

/** Which log the process of the logs is told to use: its number on the command line. */
export type LogCommand = { readonly log: number } & (
  | { readonly what: 'fill'; readonly operations: number; readonly eventsEach: number }
  /** Opens and closes it. Answers with how long the opening took, in milliseconds. */
  | { readonly what: 'open' }
  /** Starts operations, or reads one's events. Answers with a `Measurement`. */
  | { readonly what: 'start' | 'watch'; readonly callers: number; readonly durationMs: number }
);
