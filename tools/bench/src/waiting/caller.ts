import { CallsDefinition } from '@trivium/contracts/trivium/calls/v1/calls';
import { openChannel } from '@trivium/rpc';
import { createSyncClient } from '@trivium/sync';

// Each message is a number of calls to make, and to wait for: to the address in the first argument.
const client = createSyncClient(CallsDefinition, openChannel(process.argv[2] ?? ''), {
  timeoutMs: 3_600_000,
});
await client.listMethods({});
process.on('message', (message) => {
  for (let calls = 0; calls < Number(message); calls++) {
    client.listMethods({}, { metadata: { 'hold-ms': '3600000' } }).catch(() => {});
  }
  process.send?.({ residentBytes: process.memoryUsage.rss() });
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
