/** What the process of a watched service is told over IPC. */
export type ServiceCommand =
  /** Answers with the CPU in milliseconds that it has used so far. */
  | { readonly what: 'cpu' }
  /** Answers with a `ServiceMemory`. */
  | { readonly what: 'memory' }
  /** Answers with when it told each of so many events, in `nowUs`. */
  | { readonly what: 'tell'; readonly events: number; readonly gapMs: number };

/** What a watched service holds, after what nobody refers to has been collected. */
export interface ServiceMemory {
  /** On the heap and beside it. */
  readonly heldBytes: number;
  /** In memory, free room in the heap and the stacks included. */
  readonly residentBytes: number;
}

/** What the process of the watchers is told over IPC; it answers when that has come true. */
export type WatchersCommand =
  /** So many more watch, and have seen the first event. Answers with how many there are. */
  | { readonly what: 'open'; readonly watchers: number }
  /** Every watcher has seen so many more events. Answers with when each did, in `nowUs`, event by event. */
  | { readonly what: 'collect'; readonly events: number };

/** The id of the operation that is watched. */
export const WATCHED_ID = 'watched';

/** Now, in microseconds of a clock that all processes of a machine share. */
export const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);

/** What each event says, as much as that of an order does. */
export const description = 'A step of the work is done.';
export const payload = {
  typeUrl: 'type.googleapis.com/shop.checkout.v1.Order',
  value: Buffer.alloc(500, 'a lot of tea, '),
};
