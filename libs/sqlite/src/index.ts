export { openDatabase, type DatabaseOptions } from './open-database.ts';
export type { Database, DatabaseLog } from './database.ts';
export type { Migration } from './migrate.ts';
export type { Sql, SqlRow, SqlValue } from './sql.ts';
export { DatabaseUnavailable } from './database-unavailable.ts';

// For a database in a thread of its own, and readers of one that is open elsewhere.
export { openDatabaseThread } from './thread/database-thread.ts';
export type { DatabaseThread, DatabaseThreadOptions } from './thread/database-thread.ts';
export type { Commands } from './thread/commands.ts';
export { openReader } from './open-reader.ts';
export type { DatabaseReader } from './open-reader.ts';
