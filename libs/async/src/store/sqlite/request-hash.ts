import { hash } from 'node:crypto';

/**
 * The hash by which a request id is found, a whole number below 2^48: of SHA-256, so that nobody can
 * choose request ids that all have the same.
 */
export function requestHash(requestId: string): number {
  return Number.parseInt(hash('sha256', requestId, 'hex').slice(0, 12), 16);
}
