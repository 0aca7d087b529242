import type { Migration } from '../migrate.ts';
import type { Sql } from '../sql.ts';

/**
 * What a database's thread can do: functions that run in a transaction each, by name. They take and
 * return what can be cloned from one thread to another, at best numbers, texts and small buffers.
 */
export type Commands = Readonly<Record<string, (sql: Sql, input: never) => unknown>>;

/** What the module of a database's thread exports. */
export interface ThreadModule {
  readonly commands: Commands;
  /** The steps from an empty database to the present version. */
  readonly migrations: readonly Migration[];
  /** Runs first in every transaction, before its commands; if it throws, none of them is run. */
  readonly begin?: (sql: Sql) => void;
}

/** What a command takes. */
export type InputOf<C> = C extends (sql: Sql, input: infer Input) => unknown ? Input : never;

/** What a command returns. */
export type OutputOf<C> = C extends (sql: Sql, input: never) => infer Output ? Output : never;

/** What the thread is started with. */
export interface ThreadData {
  readonly path: string;
  readonly busyTimeoutMs?: number;
  readonly applicationId?: number;
  readonly checkpointPages?: number;
  /** The URL of the module (`ThreadModule`) whose commands it runs. */
  readonly commandsUrl: string;
}

/** An error on its way from one thread to another. */
export interface ThreadFailure {
  /** Whether the database as a whole cannot be used. */
  readonly isUnavailable: boolean;
  /** For an unavailable database what is wrong with it, else the error's message. */
  readonly message: string;
  readonly isDamaged: boolean;
  readonly stack?: string;
}

/** What the thread says: that it is open or cannot be opened, what came of commands, what is worth a log's line. */
export type FromThread =
  | { readonly opened: true }
  | { readonly failed: ThreadFailure }
  | Replies
  | { readonly level: 'info' | 'warn'; readonly fields: object; readonly message: string };

/** What came of commands, in the order in which they were sent. */
export interface Replies {
  readonly results: readonly unknown[];
  /** Which of them failed, and how. */
  readonly failures: readonly (readonly [index: number, failure: ThreadFailure])[];
}

/**
 * What the thread is told: commands to run, name, input, name, input and so on, since what is nested
 * takes longer from one thread to another; or, as `null`, that it is to close.
 */
export type ToThread = readonly unknown[] | null;
