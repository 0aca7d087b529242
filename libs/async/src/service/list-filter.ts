import { invalidArgument } from '../operation/operation-errors.ts';

/** Which operations to list; what is absent filters nothing. */
export interface ListFilter {
  readonly done?: boolean;
  readonly kind?: string;
  /** Accepted at this time or later, in milliseconds of the epoch. */
  readonly createdFromMs?: number;
  /** Accepted before this time. */
  readonly createdBeforeMs?: number;
}

/** One comparison: a field, an operator, and a value with or without quotes. */
const comparison = /([A-Za-z_][\w.]*)\s*(<=|>=|!=|=|<|>|:)\s*(?:"((?:[^"\\]|\\.)*)"|([^\s"()]+))/y;
const conjunction = /\s+AND(?:\s+|$)/y;
const timestamp = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i;

const remedy =
  'use done = true or done = false, kind = "…" and create_time with >=, >, <= or < and a timestamp ' +
  'such as "2026-01-31T12:00:00Z", joined by AND';

/**
 * Reads a filter: the part of AIP-160 that lists of operations need, which are comparisons of `done`,
 * `kind` and `create_time`, joined by `AND`. Empty for all. `INVALID_ARGUMENT` for anything else, with
 * the place and what to write instead.
 */
export function parseFilter(text: string): ListFilter {
  const filter = text.trim();
  let read: ListFilter = {};
  for (let place = 0; place < filter.length;) {
    comparison.lastIndex = place;
    const [whole, field = '', operator = '', quoted, bare = ''] = comparison.exec(filter) ?? [];
    if (whole === undefined) throw refused(`has no comparison at "${filter.slice(place)}"`);
    const value = quoted === undefined ? bare : quoted.replace(/\\(.)/g, '$1');
    read = narrow(read, { whole, field, operator, value });
    place += whole.length;
    if (place === filter.length) break;
    conjunction.lastIndex = place;
    const and = conjunction.exec(filter)?.[0];
    if (and === undefined) throw refused(`has something else than AND at "${filter.slice(place)}"`);
    place += and.length;
    if (place === filter.length) throw refused('ends with AND');
  }
  return read;
}

interface Comparison {
  readonly whole: string;
  readonly field: string;
  readonly operator: string;
  readonly value: string;
}

function narrow(filter: ListFilter, { whole, field, operator, value }: Comparison): ListFilter {
  if (field === 'create_time') return narrowTime(filter, { whole, field, operator, value });
  if (field !== 'done' && field !== 'kind') throw refused(`has an unknown field, ${field}`);
  if (operator !== '=') throw refused(`compares ${field} by ${operator}, and not by =`);
  if (filter[field] !== undefined) throw refused(`compares ${field} more than once`);
  if (field === 'kind') return { ...filter, kind: value };
  if (value !== 'true' && value !== 'false') throw refused(`compares done with ${value}`);
  return { ...filter, done: value === 'true' };
}

function narrowTime(filter: ListFilter, { whole, operator, value }: Comparison): ListFilter {
  const ms = timestamp.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms)) throw refused(`has no timestamp in ${whole}`);
  const { createdFromMs = -Infinity, createdBeforeMs = Infinity } = filter;
  switch (operator) {
    case '>=':
      return { ...filter, createdFromMs: Math.max(createdFromMs, ms) };
    case '>':
      return { ...filter, createdFromMs: Math.max(createdFromMs, ms + 1) };
    case '<':
      return { ...filter, createdBeforeMs: Math.min(createdBeforeMs, ms) };
    case '<=':
      return { ...filter, createdBeforeMs: Math.min(createdBeforeMs, ms + 1) };
    default:
      throw refused(`compares create_time by ${operator}`);
  }
}

function refused(what: string) {
  return invalidArgument('filter', `${what}; ${remedy}`);
}
