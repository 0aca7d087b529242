import { invalidArgument } from './operation-errors.ts';

const defaultPageSize = 100;
const maxPageSize = 1000;

/** Which operations to list, and which page of them (AIP-158, AIP-160). */
export interface ListOptions {
  /** `done=true`, `done=false`, or empty for all. */
  readonly filter?: string;
  /** The most operations to return; 0 means 100, and more than 1000 is taken as 1000. */
  readonly pageSize?: number;
  /** `nextPageToken` of the page before, of the same filter; empty for the first page. */
  readonly pageToken?: string;
}

/** Where a page begins and what it holds. */
export interface PageQuery {
  readonly done?: boolean;
  /** Only operations numbered below this one. */
  readonly before?: number;
  readonly limit: number;
}

/** Reads what a caller asks to list; `INVALID_ARGUMENT` for what makes no sense. */
export function pageQuery(options: ListOptions): PageQuery {
  const { filter = '', pageSize = 0, pageToken = '' } = options;
  if (!Number.isInteger(pageSize) || pageSize < 0) {
    throw invalidArgument('page_size', 'must be a whole number from 0');
  }
  const done = parseFilter(filter);
  const limit = Math.min(pageSize || defaultPageSize, maxPageSize);
  return { done, before: pageToken === '' ? undefined : parseToken(pageToken, done), limit };
}

/** The token of the page that follows the operation of this number. */
export function nextPageToken({ done }: PageQuery, number: number): string {
  return Buffer.from(JSON.stringify([number, done ?? null])).toString('base64url');
}

function parseFilter(filter: string): boolean | undefined {
  if (filter.trim() === '') return undefined;
  const value = /^\s*done\s*=\s*(true|false)\s*$/.exec(filter)?.[1];
  if (value === undefined) {
    throw invalidArgument('filter', 'must be done=true, done=false or empty');
  }
  return value === 'true';
}

function parseToken(token: string, done: boolean | undefined): number {
  const [number, tokenDone] = decodeToken(token);
  if (!Number.isSafeInteger(number) || tokenDone !== (done ?? null)) {
    throw invalidArgument('page_token', 'must be the next_page_token of a page of the same filter');
  }
  return number as number;
}

function decodeToken(token: string): unknown[] {
  try {
    const decoded: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    return Array.isArray(decoded) ? decoded : [];
  } catch {
    return [];
  }
}
