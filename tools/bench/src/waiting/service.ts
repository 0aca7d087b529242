import { setTimeout as delay } from 'node:timers/promises';
import { CallsDefinition } from '@trivium/contracts/trivium/calls/v1/calls';
import {
  type CallContext,
  Code,
  RpcError,
  bind,
  createFixedLimit,
  createLogger,
  startHost,
} from '@trivium/rpc';

// A service that does nothing, for as long as the metadata `hold-ms` says, and fails as often as `fail-every` says.
// Its first argument is its address.
let held = 0;
let attempts = 0;

async function hold(_request: unknown, { metadata, signal }: CallContext): Promise<object> {
  attempts += 1;
  const failEvery = Number(metadata.get('fail-every')[0] ?? Infinity);
  if (attempts % failEvery === 0) throw new RpcError(Code.UNAVAILABLE, 'Bad luck');
  held += 1;
  await delay(Number(metadata.get('hold-ms')[0] ?? 0), undefined, { signal }).catch(() => {});
  held -= 1;
  return {};
}

const host = await startHost({
  address: process.argv[2] ?? '127.0.0.1:0',
  log: createLogger({ name: 'bench', level: 'silent' }),
  defaultTimeoutMs: 3_600_000,
  maxInFlight: 100_000,
  // What is measured is waiting, in calls that nobody should have to wait for so long.
  concurrencyLimit: createFixedLimit(Infinity),
  services: [
    bind(CallsDefinition, {
      call: hold,
      start: hold,
      listMethods: hold,
      listPlans: hold,
      run: async function* () {},
      async *watch(request, call) {
        await hold(request, call);
        yield {};
      },
    }),
  ],
});
process.on('message', () => process.send?.({ held, residentBytes: process.memoryUsage.rss() }));
process.on('disconnect', () => process.exit());
process.send?.(host.address);
