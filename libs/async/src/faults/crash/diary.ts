import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** What a process writes down before it is killed, so that it can be compared with what is on disk. */
export type Entry =
  /** `start` has returned: the caller knows the operation's name. */
  | { readonly entry: 'acknowledged'; readonly requestId: string; readonly name: string }
  /** A watcher was shown an event. */
  | {
      readonly entry: 'seen';
      readonly name: string;
      readonly sequence: number;
      readonly kind: number | string;
    }
  /** A step, or what undoes one, has had its effect in the world outside. */
  | {
      readonly entry: 'effect';
      readonly name: string;
      readonly step: string;
      readonly attempt: number;
    }
  /** The operation is about to be deleted on purpose. */
  | { readonly entry: 'deleting'; readonly name: string };

/** A file of entries that outlives whoever writes it. */
export interface Diary {
  write(entry: Entry): void;
  read(): Entry[];
}

/** Opens a diary; several processes may write to it one after the other. */
export function openDiary(path: string): Diary {
  return {
    write: (entry) => appendFileSync(path, `${JSON.stringify(entry)}\n`),
    read: () =>
      existsSync(path)
        ? readFileSync(path, 'utf8')
            .split('\n')
            .filter(Boolean)
            .map((line) => JSON.parse(line) as Entry)
        : [],
  };
}
