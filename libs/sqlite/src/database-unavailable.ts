import { statSync } from 'node:fs';

/**
 * A database cannot be opened, written or used any longer. `message` is one line that names the
 * file and what to do about it; `cause` is what SQLite or the file system said. A service that
 * meets it while it starts has nothing to serve; later it is what gRPC calls `UNAVAILABLE`.
 */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
  /** The absolute path of the file, or `:memory:`. */
  readonly path: string;
  /** What is wrong and what to do about it: the message without the path. */
  readonly reason: string;

  /** Whether what is in the file makes no sense, so that no waiting mends it. */
  readonly isDamaged: boolean;

  constructor(
    path: string,
    reason: string,
    { isDamaged = false, ...options }: ErrorOptions & { isDamaged?: boolean } = {},
  ) {
    super(`Cannot use the database ${path}: ${reason}`, options);
    this.path = path;
    this.reason = reason;
    this.isDamaged = isDamaged;
  }
}

const notPermitted =
  'permission denied; let this user write to the file and its folder, or choose another path';
const readOnly =
  'it is read-only; let this user write to the file and its folder, or choose another path';
const diskFull = 'the disk is full; make room on it';
const notAFolder =
  'a part of the path that should be a folder is a file; move that file, or choose another path';

const systemReasons: Record<string, string> = {
  EACCES: notPermitted,
  EPERM: notPermitted,
  EROFS: readOnly,
  ENOSPC: diskFull,
  EDQUOT: diskFull,
  ENOTDIR: notAFolder,
  EEXIST: notAFolder,
};

const damaged = 11;
const cannotOpen = 14;
const notADatabase = 26;

/** By primary result code: https://sqlite.org/rescode.html */
const sqliteReasons: Record<number, string> = {
  5: 'another process kept it locked; stop that process, or raise busyTimeoutMs',
  6: 'another connection kept it locked; close that connection',
  8: readOnly,
  10: 'reading or writing the disk failed; check the disk and its file system',
  [damaged]: 'it is damaged; put a backup in its place',
  13: diskFull,
  [cannotOpen]:
    'it cannot be opened; let this user read and write the file and its folder, or choose another path',
  19: 'a constraint failed at the commit, so that none of its writes was kept; repeat them one by one',
  [notADatabase]: 'it is not an SQLite database; move that file away, or choose another path',
};

/** The primary result code of an error that SQLite raised, or undefined for any other. */
export function sqliteCode(error: unknown): number | undefined {
  const extended = (error as { errcode?: unknown } | undefined)?.errcode;
  // The low byte: what follows it only refines it.
  return typeof extended === 'number' ? extended & 0xff : undefined;
}

/** Explains what SQLite or the file system said about the database at `path`. */
export function databaseUnavailable(path: string, error: unknown): DatabaseUnavailable {
  if (error instanceof DatabaseUnavailable) return error;
  const isDamaged = [damaged, notADatabase].includes(sqliteCode(error) ?? 0);
  return new DatabaseUnavailable(path, reasonOf(path, error), { cause: error, isDamaged });
}

function reasonOf(path: string, error: unknown): string {
  const code = sqliteCode(error);
  if (code === cannotOpen && isFolder(path)) return 'it is a folder; name a file in it';
  const known =
    code === undefined
      ? systemReasons[String((error as NodeJS.ErrnoException | undefined)?.code)]
      : sqliteReasons[code];
  return known ?? (error instanceof Error ? error.message : String(error));
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
