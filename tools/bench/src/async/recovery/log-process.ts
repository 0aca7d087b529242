import { setTimeout as delay } from 'node:timers/promises';
import { packAny } from '@trivium/rpc';
import { Empty } from '@trivium/contracts/google/protobuf/empty';
import { operationName } from '@trivium/async';
import { answerMessages } from '../../load/answer-messages.ts';
import { closedLoop } from '../closed-loop.ts';
import { openEngine } from '../engine.ts';
import type { BenchEngine } from '../engine.ts';
import { fillLog } from './fill-log.ts';
import type { LogCommand } from './recovery-messages.ts';

/** The owner of several logs: `log-process.ts PATH…`. */
const paths = process.argv.slice(2);
const empty = packAny(Empty, {});
const kinds = { empty: async () => empty };
const engines = new Map<number, BenchEngine>();

answerMessages(async (command: LogCommand) => {
  const path = paths[command.log] as string;
  switch (command.what) {
    case 'fill':
      await fillLog(path, command);
      return command.operations;
    case 'open':
      return await openMs(path);
    default:
      return await load(await engineOf(command.log), command);
  }
});

async function openMs(path: string): Promise<number> {
  const began = performance.now();
  const engine = await openEngine(path, kinds);
  await engine.operations.resume();
  const elapsedMs = performance.now() - began;
  await engine.close();
  return elapsedMs;
}

async function engineOf(log: number): Promise<BenchEngine> {
  const engine = engines.get(log) ?? (await openEngine(paths[log] as string, kinds));
  engines.set(log, engine);
  return engine;
}

async function load(
  { operations }: BenchEngine,
  { what, ...load }: { what: 'start' | 'watch'; callers: number; durationMs: number },
) {
  if (what === 'watch') {
    const name = operationName('log-0');
    return await closedLoop(async () => {
      for await (const event of operations.events(name)) if (event.last) break;
    }, load);
  }
  const request = Buffer.from('{}');
  const measurement = await closedLoop(
    (requestId) => operations.start({ kind: 'empty', requestId, request }),
    load,
  );
  for (;;) {
    const left = await operations.list({ filter: 'done=false', pageSize: 1 });
    if (left.operations.length === 0) return measurement;
    await delay(10);
  }
}
