import { createHash } from 'node:crypto';

const DIGEST_BYTES = 8;

const digest = (...parts: readonly (string | Uint8Array)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest().subarray(0, DIGEST_BYTES);
};

/** A page token that this service did not make, or made for a list with another filter. */
export class PageTokenRefused extends Error {
  override readonly name = 'PageTokenRefused';
}

/**
 * Makes the opaque token of the page that follows `lastSku` in the list of `query` (AIP-158):
 * base64url of a checksum, a digest of the query, and the SKU. The checksum tells a damaged or
 * made-up token from a real one; it guards no secret, since the list may be read by anyone.
 */
export function encodePageToken(query: string, lastSku: string): string {
  const body = Buffer.concat([digest(query), Buffer.from(lastSku)]);
  return Buffer.concat([digest('page', body), body]).toString('base64url');
}

/**
 * Returns the SKU after which the page of `token` starts.
 * Throws `PageTokenRefused` for a token that is malformed or belongs to another query.
 */
export function decodePageToken(query: string, token: string): string {
  const bytes = Buffer.from(token, 'base64url');
  const checksum = bytes.subarray(0, DIGEST_BYTES);
  const body = bytes.subarray(DIGEST_BYTES);
  // Decoding skips what is not base64url: only the very text that was handed out counts.
  if (bytes.toString('base64url') !== token || !checksum.equals(digest('page', body))) {
    throw new PageTokenRefused(
      'is not a page token of this list: pass the next_page_token of the page before, unchanged, ' +
        'or leave it empty for the first page',
    );
  }
  if (!body.subarray(0, DIGEST_BYTES).equals(digest(query))) {
    throw new PageTokenRefused(
      'was made for another filter: repeat the filter of the page before, or leave the token ' +
        'empty to list from the start',
    );
  }
  return body.subarray(DIGEST_BYTES).toString();
}
