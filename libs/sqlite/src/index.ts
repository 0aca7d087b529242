export { openDatabase, type DatabaseOptions } from './open-database.ts';
export type { Database, DatabaseLog } from './database.ts';
export type { Sql, SqlRow, SqlValue } from './sql.ts';
export { DatabaseUnavailable } from './database-unavailable.ts';
