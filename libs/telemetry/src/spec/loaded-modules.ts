import { registerHooks } from 'node:module';

/**
 * A program for specs: creates its telemetry from its environment, and prints how many interceptors
 * that has, and which packages were loaded for it.
 */
const packages = new Set<string>();
registerHooks({
  load(url, context, load) {
    const name = /.*\/node_modules\/((?:@opentelemetry\/)?[^/]+)\//.exec(url)?.[1];
    if (name === 'prom-client' || name?.startsWith('@opentelemetry/')) packages.add(name);
    return load(url, context);
  },
});

const { createLogger } = await import('@trivium/rpc');
const { createTelemetry } = await import('../index.ts');
const log = createLogger({ name: 'spec', level: 'silent' });
const { host, client, close } = await createTelemetry(process.env, { name: 'spec', log });
console.log(
  JSON.stringify({ host: host.length, client: client.length, modules: [...packages].sort() }),
);
await close();
