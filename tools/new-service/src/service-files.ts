import type { ServiceName } from './service-name.ts';

/** The files of a new service, by path: a contract with one method, and an app that serves it. */
export function serviceFiles({ lower, upper, port }: ServiceName): Record<string, string> {
  const app = `apps/${lower}`;
  return {
    [`proto/shop/${lower}/v1/${lower}.proto`]: `syntax = "proto3";

package shop.${lower}.v1;

import "buf/validate/validate.proto";

// What ${upper} is for, in a sentence.
service ${upper} {
  // Greets somebody by name.
  rpc Greet(GreetRequest) returns (GreetResponse) {
    option idempotency_level = NO_SIDE_EFFECTS;
  }
}

// Whom to greet.
message GreetRequest {
  // The person's name, from 1 to 80 characters.
  string name = 1 [(buf.validate.field).string = {
    min_len: 1
    max_len: 80
  }];
}

// The greeting.
message GreetResponse {
  // What to say.
  string greeting = 1;
}
`,
    [`${app}/package.json`]: `{
  "name": "@trivium/${lower}",
  "version": "0.1.0",
  "private": true,
  "type": "module",
  "dependencies": {
    "@trivium/contracts": "0.1.0",
    "@trivium/rpc": "0.1.0",
    "@trivium/telemetry": "0.1.0"
  },
  "devDependencies": {
    "@trivium/testing": "0.1.0"
  },
  "nx": {
    "name": "${lower}",
    "tags": ["layer:app"],
    "targets": { "serve": {}, "test": {} }
  }
}
`,
    [`${app}/README.md`]: `# ${upper}

\`shop.${lower}.v1.${upper}\`, on port ${port}.

\`\`\`sh
npx nx serve ${lower}
grpcurl -plaintext -d '{"name": "Ada"}' localhost:${port} shop.${lower}.v1.${upper}/Greet
\`\`\`
`,
    [`${app}/src/main.ts`]: `import { ${upper}Definition } from '@trivium/contracts/shop/${lower}/v1/${lower}';
import { bind, runService } from '@trivium/rpc';
import { telemetry } from '@trivium/telemetry';
import { config } from './config.ts';
import { createHandlers } from './handlers.ts';

await runService({
  name: '${lower}',
  config,
  extensions: [telemetry],
  start: async () => ({ services: [bind(${upper}Definition, createHandlers())] }),
});
`,
    [`${app}/src/config.ts`]: `import { defineConfig, serviceVariables } from '@trivium/rpc';

/** Everything that ${lower} reads from its environment. */
export const config = defineConfig({ ...serviceVariables({ port: ${port} }) });
`,
    [`${app}/src/handlers.ts`]: `import type { ${upper}Definition } from '@trivium/contracts/shop/${lower}/v1/${lower}';
import type { Handlers } from '@trivium/rpc';

/** What ${lower} does when it is called. */
export function createHandlers(): Handlers<typeof ${upper}Definition> {
  return {
    async greet({ name }) {
      return { greeting: \`Hello, \${name}.\` };
    },
  };
}
`,
    [`${app}/src/handlers.spec.ts`]: `import { BadRequest } from '@trivium/contracts/google/rpc/error_details';
import { ${upper}Definition } from '@trivium/contracts/shop/${lower}/v1/${lower}';
import { Code, findDetail } from '@trivium/rpc';
import { failureOf, serve } from '@trivium/testing';
import { createHandlers } from './handlers.ts';

it('greets by name', async () => {
  await using served = await serve(${upper}Definition, createHandlers());
  await expect(served.client.greet({ name: 'Ada' })).resolves.toEqual({ greeting: 'Hello, Ada.' });
});

it('refuses a request without a name, and says which field', async () => {
  await using served = await serve(${upper}Definition, createHandlers());
  const error = await failureOf(served.client.greet({}));
  expect(error.code).toBe(Code.INVALID_ARGUMENT);
  expect(findDetail(error, BadRequest)?.fieldViolations[0]?.field).toBe('name');
});
`,
  };
}
