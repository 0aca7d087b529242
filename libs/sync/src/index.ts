// For callers.
export { createSyncClient } from './sync-client.ts';
export type { SyncClient, SyncClientOptions } from './sync-client.ts';
export type { SyncCallOptions } from './repeat.ts';
export type { HedgePolicy } from './hedge/hedge-policy.ts';
export { createTarget, targetAt } from './target.ts';
export type { Target } from './target.ts';
export { openBalancedChannel } from './balancing/balanced-channel.ts';
export type { BalancedChannelOptions } from './balancing/balanced-channel.ts';
export type { Addresses } from './balancing/addresses.ts';
export type { ReplicaState, ReplicaStatus } from './balancing/replica.ts';

// For work that nobody waits for.
export { retry } from './retry/retry.ts';
export type { RetriedFailure, RetryOptions } from './retry/retry.ts';
export { healingCodes, unaryRetryPolicy } from './retry/retry-policy.ts';
export type { RetryPolicy } from './retry/retry-policy.ts';

// For what is repeated in a way of its own, such as a stream that is resumed.
export { backOffMs } from './retry/back-off.ts';
export { askedDelayMs } from './retry/asked-delay.ts';
export { heals } from './retry/healing.ts';
export type { Healing } from './retry/healing.ts';
