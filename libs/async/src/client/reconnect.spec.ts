import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type Channel, openChannel } from '@trivium/rpc';
import { lastValueFrom, tap, toArray } from 'rxjs';
import { closeEngines, newPath, oneTo, textAny } from '../fixtures/open-engine.ts';
import { closeServices, openService } from '../fixtures/open-service.ts';
import { createOperationsClient, type WatchedEvent } from './operations-client.ts';

const script = fileURLToPath(new URL('../fixtures/service-process.ts', import.meta.url));
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  await closeServices();
  await closeEngines();
});

/** Starts the service as a process; resolves once it listens. */
async function startProcess(path: string, address: string) {
  const child = fork(script, [path, address], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  closers.push(() => kill(child));
  const [message] = (await once(child, 'message')) as [{ address: string }];
  return { child, address: message.address };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

function open(address: string): Channel {
  const channel = openChannel(address);
  closers.push(() => channel.close());
  return channel;
}

/** A way to an address that can be cut. */
async function openProxy(address: string) {
  const [host = '', port = ''] = address.split(':');
  const sockets = new Set<Socket>();
  const server: Server = createServer((near) => {
    const far = connect(Number(port), host);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  closers.push(() => {
    cut();
    server.close();
  });
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, cut };
}

it('shows all of an operation whose server is killed and started again, and its result', async () => {
  const path = newPath();
  let running = await startProcess(path, '127.0.0.1:0');
  running.child.send('r');
  const [{ name }] = (await once(running.child, 'message')) as [{ name: string }];
  const handle = createOperationsClient(open(running.address)).handle(name);

  const seen: WatchedEvent[] = [];
  const lost: number[] = [];
  const killAfter = new Set(['74', '149', '224']);
  let restarting = Promise.resolve();
  const restart = async () => {
    await kill(running.child);
    running = await startProcess(path, running.address);
  };
  const watching = handle
    .events({
      initialBackOffMs: 20,
      maxBackOffMs: 200,
      onReconnect: ({ after }) => lost.push(after),
    })
    .pipe(
      tap((event) => {
        seen.push(event);
        if (killAfter.delete(event.kindName)) restarting = restarting.then(restart);
      }),
    );
  const result = handle.result();
  await lastValueFrom(watching);
  await restarting;

  expect(seen.map(({ sequence }) => sequence)).toEqual(oneTo(seen.length));
  const ticks = seen.filter(({ kindName }) => /^\d+$/.test(kindName));
  expect(ticks.map(({ kindName }) => Number(kindName))).toEqual(oneTo(300));
  expect(seen.filter(({ kindName }) => kindName === 'RESUMED')).toHaveLength(3);
  expect(lost.length).toBeGreaterThanOrEqual(3);
  expect(await result).toEqual(textAny('300 ticks'));
}, 60_000);

it('shows all of an operation over 200 disconnects at random', async () => {
  let disconnects = 0;
  const service = await openService({
    async tell(operation) {
      for (let tick = 1; disconnects < 200; tick += 1) {
        await operation.emit({ kind: tick, description: `Tick ${tick}` });
      }
      return textAny('enough');
    },
  });
  const proxy = await openProxy(service.host.address);
  const request = Buffer.from('');
  const { name } = await service.operations.start({ kind: 'tell', requestId: 'r', request });
  const events = createOperationsClient(open(proxy.address)).watch(name, {
    ...{ initialBackOffMs: 1, maxBackOffMs: 4 },
    onReconnect: () => (disconnects += 1),
  });
  const cutting = events.pipe(
    tap(() => {
      if (Math.random() < 0.2) proxy.cut();
    }),
  );
  const seen = await lastValueFrom(cutting.pipe(toArray()));
  expect(seen.map(({ sequence }) => sequence)).toEqual(oneTo(seen.length));
  expect(seen.at(-1)).toMatchObject({ kindName: 'SUCCEEDED', last: true });
  expect(disconnects).toBeGreaterThanOrEqual(200);
}, 60_000);
