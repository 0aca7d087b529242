import { Code, RpcError, badRequest } from '@trivium/rpc';

const DEFAULT_SIZE = 100;
const MAX_SIZE = 1_000;

/** Which page of a list (AIP-158). */
export interface PageRequest {
  readonly pageSize: number;
  readonly pageToken: string;
}

/**
 * A page of what is sorted by name. The token says after which name the next page begins, so nothing is shown twice or
 * left out when the list changes in between. Throws `INVALID_ARGUMENT` for a token that is none.
 */
export function pageOf<T>(
  all: readonly T[],
  nameOf: (each: T) => string,
  { pageSize, pageToken }: PageRequest,
): { readonly page: readonly T[]; readonly nextPageToken: string } {
  const size = Math.min(pageSize || DEFAULT_SIZE, MAX_SIZE);
  const after = pageToken === '' ? undefined : decode(pageToken);
  const rest = after === undefined ? all : all.filter((each) => nameOf(each) > after);
  const page = rest.slice(0, size);
  const last = page.at(-1);
  const hasMore = rest.length > page.length && last !== undefined;
  return { page, nextPageToken: hasMore ? encode(nameOf(last)) : '' };
}

const prefix = 'after:';

function encode(name: string): string {
  return Buffer.from(prefix + name).toString('base64url');
}

function decode(token: string): string {
  const text = Buffer.from(token, 'base64url').toString();
  if (text.startsWith(prefix)) return text.slice(prefix.length);
  const description = 'must be the next_page_token of the page before';
  throw new RpcError(Code.INVALID_ARGUMENT, `page_token: ${description}`, {
    details: [badRequest([{ field: 'page_token', description }])],
  });
}
