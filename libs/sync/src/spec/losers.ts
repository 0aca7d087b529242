import { setTimeout as pause } from 'node:timers/promises';
import { Code, RpcError } from '@trivium/rpc';
import { createTarget } from '../target.ts';
import { closeAll, startService } from './service.ts';

// Calls that lose, fail, expire and are cancelled, in a process that any unhandled rejection ends.
const { client } = await startService(async (_call, attempt) => {
  if (attempt % 3 === 0) throw new RpcError(Code.UNAVAILABLE, 'Not now');
  if (attempt % 3 === 1) await new Promise(() => {});
});
const target = createTarget({ maxTokens: 1_000, tokenRatio: 1 });
const hedged = client({ target, timeoutMs: 100, hedge: { delayMs: 5, maxExtra: 1 } });
const calls = Array.from({ length: 100 }, (_, index) => {
  const signal = index % 5 === 0 ? AbortSignal.timeout(10) : undefined;
  return hedged.listMethods({}, signal ? { signal } : {});
});
await Promise.allSettled(calls);
await closeAll();
// Rejections come to light when the event loop has turned.
await pause(10);
