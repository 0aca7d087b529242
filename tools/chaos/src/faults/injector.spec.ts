import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Fault } from '../plan/fault-plan.ts';
import type { Target } from '../plan/target.ts';
import { Injector, type Victims } from './injector.ts';

interface Victim {
  readonly pid: number;
  readonly ended: Promise<void>;
  kill(): Promise<void>;
}

const children: ChildProcess[] = [];
afterEach(async () => {
  const ended = children.map((child) => child.exitCode ?? child.signalCode ?? once(child, 'exit'));
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await Promise.all(ended);
});

/** Real processes that do nothing, and a diary of what is done to them. */
function victims({ comesBack = true } = {}) {
  const diary: string[] = [];
  const running = new Map<Target, Victim>();
  const start = (name: Target): Victim => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
    children.push(child);
    const ended = once(child, 'exit').then(() => void diary.push(`${name} ended`));
    const kill = async () => {
      child.kill('SIGKILL');
      await ended;
    };
    const service = { pid: child.pid!, ended, kill };
    running.set(name, service);
    return service;
  };
  const shop = {
    service: (name: Target) => running.get(name) ?? start(name),
    async restart(name: Target) {
      if (!comesBack) throw new Error('its database is gone');
      diary.push(`${name} started`);
      return start(name);
    },
  };
  return { shop, diary };
}

const fault = (service: Target, atOrder: number, more: Partial<Fault> = {}): Fault => ({
  ...{ service, atOrder, kind: 'kill', delayMs: 0, pauseMs: 0 },
  ...more,
});

function inject(shop: Victims, faults: readonly Fault[], { signal } = new AbortController()) {
  const struck: string[] = [];
  const onFault = ({ service, kind }: Fault) => void struck.push(`${kind} ${service}`);
  return { injector: new Injector({ shop, faults, signal, onFault }), struck };
}

it('strikes when the traffic has come so far, and not before', async () => {
  const { shop } = victims();
  const { injector, struck } = inject(shop, [fault('catalog', 2), fault('payments', 5)]);
  injector.reach(1);
  await injector.struck(1);
  expect(struck).toEqual([]);
  injector.reach(3);
  await injector.struck(3);
  expect(struck).toEqual(['kill catalog']);
  await injector.settled();
  expect(struck).toEqual(['kill catalog', 'kill payments']);
});

it('kills a service again only when it is back', async () => {
  const { shop, diary } = victims();
  const { injector } = inject(shop, [fault('checkout', 0), fault('checkout', 0)]);
  await injector.settled();
  const once = ['checkout ended', 'checkout started'];
  expect(diary).toEqual([...once, ...once]);
});

it('has a paused service go on', async () => {
  const { shop, diary } = victims();
  const { injector, struck } = inject(shop, [fault('shipping', 0, { kind: 'pause', pauseMs: 1 })]);
  await injector.settled();
  expect(struck).toEqual(['pause shipping']);
  // SIGTERM would not end a process that stands still.
  process.kill(shop.service('shipping').pid, 'SIGTERM');
  await shop.service('shipping').ended;
  expect(diary).toEqual(['shipping ended']);
});

it('tells of a service that does not come back, and leaves the others alone from then on', async () => {
  const { shop } = victims({ comesBack: false });
  const { injector, struck } = inject(shop, [fault('catalog', 0), fault('checkout', 1)]);
  injector.reach(0);
  await injector.settled();
  expect(injector.notBack[0]).toBe('catalog: its database is gone');
  expect(struck[0]).toBe('kill catalog');
});
