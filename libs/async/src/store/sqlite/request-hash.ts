import { hash } from 'node:crypto';

/** How many bits a hash has. */
export const requestHashBits = 48;

/**
 * The hash by which a request id is found, a whole number: of SHA-256, so that nobody can choose
 * request ids that all have the same.
 */
export function requestHash(requestId: string): number {
  return Number.parseInt(hash('sha256', requestId, 'hex').slice(0, requestHashBits / 4), 16);
}
