import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { FulfillmentDefinition } from '@trivium/contracts/shop/fulfillment/v1/fulfillment';
import { createClient, openChannel } from '@trivium/rpc';
import { anOrder, sequences, watch } from './spec/served-fulfillment.ts';
import { temporaryFolder } from './spec/temporary-folder.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));

/** Starts the service as a process of its own. */
async function startProcess(folder: string, { stageMs }: { stageMs: number }) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main], {
    env: {
      ...process.env,
      ...{ PORT: '0', DATA_DIR: folder, LOG_LEVEL: 'silent', STAGE_MS: String(stageMs) },
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const [{ address }] = (await once(child, 'message')) as [{ address: string }];
  const channel = openChannel(address);
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<unknown[]> => {
    child.kill(signal);
    const outcome = await exited;
    channel.close();
    return outcome;
  };
  return { client: createClient(FulfillmentDefinition, channel), end };
}

it.each([1, 2, 4])(
  'still has event %i when it is killed as soon as that was seen',
  async (last) => {
    using temporary = temporaryFolder();
    const first = await startProcess(temporary.folder, { stageMs: 20 });
    const interrupted = watch(first.client, anOrder());
    await interrupted.sees(last);
    expect(await first.end('SIGKILL')).toEqual([null, 'SIGKILL']);
    await interrupted.ended;

    const second = await startProcess(temporary.folder, { stageMs: 0 });
    const { seen } = interrupted;
    const resumed = watch(second.client, anOrder({ afterSequence: seen.at(-1)!.sequence }));
    expect(await resumed.ended).toBeUndefined();
    expect([...sequences(interrupted), ...sequences(resumed)]).toEqual([1, 2, 3, 4, 5]);
    const { shipment } = await second.client.getShipment({ orderId: 'order-1' });
    expect(shipment?.events.slice(0, seen.length)).toEqual(seen);
    expect(await second.end('SIGTERM')).toEqual([0, null]);
  },
);
