import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { CallsDefinition } from '@trivium/contracts/trivium/calls/v1/calls';
import { type Channel, openChannel } from '@trivium/rpc';
import { createSyncClient, retry, unaryRetryPolicy } from '@trivium/sync';
import { firstValueFrom } from 'rxjs';
import type { Figure } from '../figure.ts';

const HELD = 5_000;
const INTERRUPTED = 200;
const UNLUCKY = 1_000;

/** What waiting costs, and where it ends: the figures of "When sync is the wrong choice". */
export async function benchWaiting(rounds: number, say: (line: string) => void): Promise<Figure[]> {
  const samples = new Map<string, number[]>();
  for (let round = 1; round <= rounds; round++) {
    say(`waiting, round ${round} of ${rounds}`);
    const measured = {
      ...(await tenCalls()),
      ...(await oneAnswer()),
      ...(await heldCalls()),
      ...(await badLuck()),
      ...(await restart()),
    };
    for (const [name, sample] of Object.entries(measured)) {
      samples.set(name, [...(samples.get(name) ?? []), sample]);
    }
  }
  return [...samples].map(([name, each]) => ({ name, samples: each }));
}

/** Calls that do not need each other, of 20 ms each. */
async function tenCalls() {
  const { address, end } = await startService();
  const channel = openChannel(address);
  const client = createSyncClient(CallsDefinition, channel);
  const call = () => client.listMethods({}, { metadata: { 'hold-ms': '20' } });
  await call();
  const oneByOne = await timed(async () => {
    for (let calls = 0; calls < 10; calls++) await call();
  });
  const together = await timed(() => Promise.all(Array.from({ length: 10 }, call)));
  channel.close();
  await end();
  return { 'ten calls of 20 ms, one by one, ms': oneByOne, 'ten at once, ms': together };
}

/** Work of 1 s, asked about every 200 ms, or watched. */
async function oneAnswer() {
  const { address, end } = await startService();
  const channel = openChannel(address);
  const client = createSyncClient(CallsDefinition, channel);
  await client.listMethods({});
  let asked = 0;
  // Begun at any moment between two questions.
  const doneAt = performance.now() + 1_000 + Math.random() * 200;
  while (performance.now() < doneAt) {
    await delay(200);
    await client.listMethods({});
    asked += 1;
  }
  const askedLag = performance.now() - doneAt;
  const watched = await timed(() =>
    firstValueFrom(client.watch({ name: 'w' }, { metadata: { 'hold-ms': '1000' } })),
  );
  channel.close();
  await end();
  return {
    'work of 1 s, calls that ask every 200 ms': asked,
    'known after it is done, asked, ms': askedLag,
    'known after it is done, watched, ms': watched - 1_000,
  };
}

/** The memory of calls that wait. */
async function heldCalls() {
  const service = await startService();
  const caller = start('caller.ts', service.address);
  await once(caller, 'message');
  const before = { service: await ask(service.child), caller: await ask(caller, 0) };
  caller.send(HELD);
  await once(caller, 'message');
  for (let waited = 0; (await ask(service.child)).held < HELD; waited += 50) {
    if (waited > 10_000) throw new Error(`The service does not hold ${HELD} calls`);
    await delay(50);
  }
  const after = { service: await ask(service.child), caller: await ask(caller, 0) };
  await stop(caller);
  await service.end();
  const perCall = (side: 'service' | 'caller') =>
    (after[side].residentBytes - before[side].residentBytes) / HELD / 1024;
  return {
    'a call that waits, in its caller, KiB': perCall('caller'),
    'a call that waits, in its service, KiB': perCall('service'),
  };
}

/** Calls of which the service fails every fiftieth attempt. */
async function badLuck() {
  const { address, end } = await startService();
  const channel = openChannel(address);
  const client = createSyncClient(CallsDefinition, channel);
  const options = { metadata: { 'fail-every': '50' } };
  const failed = async (call: () => Promise<unknown>) => {
    let failures = 0;
    for (let calls = 0; calls < UNLUCKY; calls++) await call().catch(() => (failures += 1));
    return failures;
  };
  const once = await failed(() => client.listMethods({}, { ...options, safeToRepeat: false }));
  const repeated = await failed(() => client.listMethods({}, options));
  channel.close();
  await end();
  return {
    [`one attempt in 50 fails, and of ${UNLUCKY} calls that are made once`]: once,
    [`one attempt in 50 fails, and of ${UNLUCKY} calls that are safe to repeat`]: repeated,
  };
}

/** Calls of 500 ms whose service is killed halfway and started again at once. */
async function restart() {
  const channels: Channel[] = [];
  const openClient = (address: string) => {
    const channel = openChannel(address);
    channels.push(channel);
    return createSyncClient(CallsDefinition, channel);
  };
  const options = { metadata: { 'hold-ms': '500' } };
  const call = { call: { method: 'a.B/C', request: {} } };
  const first = await startService();
  const { address } = first;
  const single = openClient(address);
  const safe = openClient(address);
  const patient = openClient(address);
  await Promise.all([single, safe, patient].map((client) => client.listMethods({})));
  const makers: readonly (() => Promise<unknown>)[] = [
    () => single.call(call, options),
    () => safe.listMethods({}, options),
    () =>
      retry((attempt) => patient.call(call, { ...options, ...attempt }), {
        policy: { ...unaryRetryPolicy, maxAttempts: Infinity },
      }),
  ];
  const failures = makers.map(async (make) => {
    const results = await Promise.allSettled(Array.from({ length: INTERRUPTED }, make));
    return results.filter(({ status }) => status === 'rejected').length;
  });
  await delay(250);
  await first.end();
  const second = await startService(address);
  const [calledOnce = NaN, repeated = NaN, patiently = NaN] = await Promise.all(failures);
  for (const channel of channels) channel.close();
  await second.end();
  return {
    [`a restart fails, of ${INTERRUPTED} calls that are made once`]: calledOnce,
    [`a restart fails, of ${INTERRUPTED} calls that are safe to repeat`]: repeated,
    [`a restart fails, of ${INTERRUPTED} calls that are made until they succeed`]: patiently,
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function start(file: string, ...args: string[]): ChildProcess {
  const execArgv = ['--disable-warning=ExperimentalWarning'];
  const child = fork(new URL(file, import.meta.url).pathname, args, { execArgv });
  child.once('exit', (code) => {
    if (code) throw new Error(`${file} ended with ${code}`);
  });
  return child;
}

async function startService(at?: string) {
  const child = start('service.ts', ...(at ? [at] : []));
  const [address] = (await once(child, 'message')) as [string];
  return { child, address, end: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function ask(child: ChildProcess, question = 0) {
  child.send(question);
  const [answer] = (await once(child, 'message')) as [{ held: number; residentBytes: number }];
  return answer;
}
