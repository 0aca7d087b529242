import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { startReplicaServer } from './spec/replica-server.ts';

const example = new URL('./spec/example.ts', import.meta.url).pathname;

it('shows the example as it is', () => {
  const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
  const code = readFileSync(example, 'utf8').replace("'../../index.ts'", "'@trivium/sync'");
  expect(readme).toContain(`\`\`\`ts\n${code}\`\`\``);
});

it('shows what works', async () => {
  const servers = await Promise.all([startReplicaServer(), startReplicaServer()]);
  const child = fork(example, {
    env: { CATALOG: servers.map(({ address }) => address).join(',') },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    silent: true,
  });
  const exit = once(child, 'exit');
  expect(await text(child.stdout!)).toBe('undefined\n');
  expect(await exit).toEqual([0, null]);
  expect(servers[0]!.served + servers[1]!.served).toBe(1);
  for (const server of servers) server.kill();
});
