import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import {
  OperationLogDefinition,
  type WatchOperationResponse,
} from '@trivium/contracts/trivium/operations/v1/operation_log';
import { createClient } from '@trivium/rpc';
import { lastValueFrom, toArray } from 'rxjs';
import { bytes, closeEngines, textAny } from '../fixtures/open-engine.ts';
import { closeServices, openService } from '../fixtures/open-service.ts';
import { resumable } from './resumable.ts';

const example = new URL('./spec/example.ts', import.meta.url);
const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');

afterEach(async () => {
  await closeServices();
  await closeEngines();
});

async function serveOne() {
  const service = await openService({
    hold: async (operation) => {
      await operation.emit({ kind: 'RESERVED', description: 'The pieces are held' });
      return textAny('done');
    },
  });
  const { name } = await service.operations.start({
    ...{ kind: 'hold', requestId: 'r', request: bytes('') },
  });
  return { ...service, name };
}

it('shows the example as it is', () => {
  const code = readFileSync(example, 'utf8').replace("'../../index.ts'", "'@trivium/async'");
  expect(readme).toContain(`\`\`\`ts\n${code}\`\`\``);
});

it('shows an example that runs', async () => {
  const { host, name } = await serveOne();
  const child = fork(example, [name], {
    env: { ADDRESS: host.address },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    silent: true,
  });
  const exit = once(child, 'exit');
  const lines = (await text(child.stdout!)).trim().split('\n');
  expect(lines.filter((line) => /^\d/.test(line))).toEqual([
    '1 Accepted',
    '2 The pieces are held',
    expect.stringMatching(/^3 /),
  ]);
  expect(lines).toContain('type.example/Text');
  expect(await exit).toEqual([0, null]);
});

it('shows how another stream is resumed', async () => {
  const { channel, name } = await serveOne();
  const log = createClient(OperationLogDefinition, channel);
  const events = resumable<WatchOperationResponse>(
    (after) => log.watchOperation({ name, afterSequence: BigInt(after) }),
    {
      sequenceOf: ({ event }) => event?.sequence ?? 0n,
      isLast: ({ kindName }) => kindName === 'SUCCEEDED',
    },
  );
  expect(await lastValueFrom(events.pipe(toArray()))).toHaveLength(3);
});
