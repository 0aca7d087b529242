import { invalidArgument } from '../operation/operation-errors.ts';
import { type ListFilter, parseFilter } from './list-filter.ts';

const defaultPageSize = 100;
const maxPageSize = 1000;

/** Which operations to list, and which page of them (AIP-158, AIP-160). */
export interface ListOptions {
  /**
   * Comparisons such as `done = false`, `kind = "hold"` and `create_time >= "2026-01-31T12:00:00Z"`,
   * joined by `AND`; empty for all.
   */
  readonly filter?: string;
  /** The most operations to return; 0 means 100, and more than 1000 is taken as 1000. */
  readonly pageSize?: number;
  /** `nextPageToken` of the page before, of the same filter; empty for the first page. */
  readonly pageToken?: string;
}

/** Where a page begins and what it holds. */
export interface PageQuery extends ListFilter {
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
  const parsed = parseFilter(filter);
  const limit = Math.min(pageSize || defaultPageSize, maxPageSize);
  return { ...parsed, before: pageToken === '' ? undefined : parseToken(pageToken, parsed), limit };
}

/** The token of the page that follows the operation of this number. */
export function nextPageToken(query: PageQuery, number: number): string {
  return Buffer.from(JSON.stringify([number, ...keyOf(query)])).toString('base64url');
}

/** What a filter means, so that another spelling of it has the same pages. */
function keyOf({ done, kind, createdFromMs, createdBeforeMs }: ListFilter): unknown[] {
  return [done ?? null, kind ?? null, createdFromMs ?? null, createdBeforeMs ?? null];
}

function parseToken(token: string, filter: ListFilter): number {
  const [number, ...key] = decodeToken(token);
  if (!Number.isSafeInteger(number) || JSON.stringify(key) !== JSON.stringify(keyOf(filter))) {
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
