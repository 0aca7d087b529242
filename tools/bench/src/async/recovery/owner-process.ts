import { randomUUID } from 'node:crypto';
import { answerMessages } from '../../load/answer-messages.ts';
import { openEngine } from '../engine.ts';
import type { OwnerCommand } from './recovery-messages.ts';

/** An owner of operations whose work never ends: `owner-process.ts PATH`. */
const [path = ''] = process.argv.slice(2);
const STARTING_AT_A_TIME = 256;

let underWay = 0;
let expected = 0;
let allUnderWay = () => {};
const { operations } = await openEngine(path, {
  held: () => {
    if (++underWay === expected) allUnderWay();
    return new Promise(() => {});
  },
});

answerMessages(async (command: OwnerCommand) => {
  expected = command.operations;
  const all = new Promise<void>((resolve) => (allUnderWay = resolve));
  if (command.what === 'fill') await fill(command.operations);
  else await operations.resume();
  await all;
  return process.pid;
});

async function fill(count: number): Promise<void> {
  let left = count;
  const start = async () => {
    while (left-- > 0) {
      const request = Buffer.from('{}');
      await operations.start({ kind: 'held', requestId: randomUUID(), request });
    }
  };
  await Promise.all(Array.from({ length: STARTING_AT_A_TIME }, start));
}
