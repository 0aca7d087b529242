export { createRetryingClient, type RetryingClientOptions } from './retrying-client.ts';
export { retry, type RetryOptions } from './retry.ts';
export { healingCodes, type RetryPolicy, unaryRetryPolicy } from './retry-policy.ts';
