import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { nowUs } from './watch-messages.ts';
import type { ServiceCommand, ServiceMemory } from './watch-messages.ts';

/** How long what a collection frees has to be given back. */
const SETTLE_MS = 300;

/**
 * Makes this process a watched service at an address: it tells an event whenever it is told to, and
 * how it is. When an event is told is taken before, so that what it takes to make it durable counts.
 */
export function answerService(address: string, tell: () => Promise<unknown> | void): void {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;

  process.on('disconnect', () => process.exit());
  process.on('message', (command: ServiceCommand) => {
    answer(command).then(
      (answered) => process.send?.(answered),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
  process.send?.(address);

  async function answer(command: ServiceCommand): Promise<unknown> {
    if (command.what === 'tell') return told(command);
    if (command.what === 'memory') return memory();
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  }

  async function memory(): Promise<ServiceMemory> {
    collectGarbage();
    await delay(SETTLE_MS);
    collectGarbage();
    const { heapUsed, external, rss } = process.memoryUsage();
    return { heldBytes: heapUsed + external, residentBytes: rss };
  }

  async function told({ events, gapMs }: { events: number; gapMs: number }): Promise<number[]> {
    const toldUs: number[] = [];
    for (let event = 0; event < events; event++) {
      await delay(gapMs);
      toldUs.push(nowUs());
      await tell();
    }
    return toldUs;
  }
}
