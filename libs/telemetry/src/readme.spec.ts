import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { BUCKETS_S } from './metrics/call-metrics.ts';
import { telemetryVariables } from './variables.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const example = new URL('./spec/example-service.ts', import.meta.url);

it('shows the example as it is', () => {
  const snippet = /```ts\n(.*?)```/s.exec(readme)?.[1];
  const code = readFileSync(example, 'utf8').replace("'../index.ts'", "'@trivium/telemetry'");
  expect(snippet).toBe(code);
});

it('shows an example that runs', async () => {
  const service = fork(example, {
    env: { PORT: '0', METRICS_PORT: '0', OTEL_TRACES_EXPORTER: 'console' },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    silent: true,
  });
  const exited = once(service, 'exit');
  expect(await once(service, 'message')).toEqual([
    { type: 'listening', address: expect.any(String) },
    undefined,
  ]);
  service.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
});

it('names every variable and every bucket', () => {
  const rows = [...readme.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, name]) => name);
  expect(rows.sort()).toEqual(Object.keys(telemetryVariables).sort());
  expect(readme).toContain(`Buckets in seconds: ${BUCKETS_S.join(', ')}`);
});
