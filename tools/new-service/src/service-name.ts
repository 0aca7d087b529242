import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a new service is called, and where it listens. */
export interface ServiceName {
  /** In folders, packages and commands: `loyalty`. */
  readonly lower: string;
  /** In the contract and in types: `Loyalty`. */
  readonly upper: string;
  /** The port that no other service has. */
  readonly port: number;
}

/** The first port that a new service may get: the shop's and the orchestrator's lie below. */
const firstPort = 50_060;

/**
 * Names the new service, and chooses its port.
 *
 * @throws Error with one line for the user when the name is missing, malformed or taken.
 */
export function nameService(name: string | undefined, root: string): ServiceName {
  if (name === undefined) throw new Error('Usage: npm run new:service NAME, for example loyalty.');
  if (!/^[a-z][a-z0-9]{1,30}$/.test(name)) {
    throw new Error(`"${name}" cannot name a service: use 2 to 31 lower-case letters and digits.`);
  }
  const taken = [`apps/${name}`, `libs/${name}`, `tools/${name}`, `proto/shop/${name}`].find(
    (path) => existsSync(join(root, path)),
  );
  if (taken) throw new Error(`"${name}" is taken: ${taken} exists.`);
  return { lower: name, upper: name[0]?.toUpperCase() + name.slice(1), port: freePort(root) };
}

function freePort(root: string): number {
  const used = globSync('apps/*/src/config.ts', { cwd: root }).flatMap((path) =>
    [...readFileSync(join(root, path), 'utf8').matchAll(/port: (\d[\d_]*)/g)].map(([, port]) =>
      Number(port?.replaceAll('_', '')),
    ),
  );
  return Math.max(firstPort - 1, ...used) + 1;
}
