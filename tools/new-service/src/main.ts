import { parseArgs } from 'node:util';
import { resolve } from 'node:path';
import { createService } from './create-service.ts';
import { nameService } from './service-name.ts';

const workspaceRoot = resolve(import.meta.dirname, '../../..');
const usage = `Usage: npm run new:service NAME

Adds a service of that name: its contract, an app with a handler and its spec, and a serve target. Then makes the
generated code and the project references anew. NAME is 2 to 31 lower-case letters and digits.`;

try {
  const { positionals, values } = parseArgs({
    options: { help: { type: 'boolean' } },
    allowPositionals: true,
  });
  if (values.help) console.log(usage);
  else {
    if (positionals.length > 1)
      throw new Error(`One name at a time, not ${positionals.join(' ')}.`);
    const name = nameService(positionals[0], workspaceRoot);
    for (const path of createService(name, workspaceRoot)) console.log(`wrote ${path}`);
    console.log(`\nTry it: npx nx serve ${name.lower}, npx nx test ${name.lower}, npm test`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
