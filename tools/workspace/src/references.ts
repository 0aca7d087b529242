import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Project, pathBetween, readProjects, workspaceRoot } from './projects.ts';

/**
 * What TypeScript must know of the workspace's shape: each project's references, which follow from the dependencies in
 * its package.json, and the list of all projects. Text by path, relative to the root.
 */
export function expectedConfigs(projects: readonly Project[]): Map<string, string> {
  const folders = new Map(projects.map(({ name, folder }) => [name, folder]));
  const each = projects.map(({ folder, dependencies }): [string, string] => [
    `${folder}/tsconfig.json`,
    print({
      extends: '../../tsconfig.base.json',
      references: dependencies
        .map((name) => pathBetween(folder, folders.get(name) ?? name))
        .sort()
        .map((path) => ({ path })),
    }),
  ]);
  const all = print({
    files: [],
    references: projects.map(({ folder }) => ({ path: pathBetween('tools', folder) })),
  });
  return new Map([...each, ['tools/tsconfig.json', all]]);
}

/** Writes every configuration that differs from what is expected, and returns the paths of those. */
export function writeReferences(root: string = workspaceRoot): string[] {
  const changed = staleReferences(root);
  const expected = expectedConfigs(readProjects(root));
  for (const path of changed) writeFileSync(join(root, path), expected.get(path) ?? '');
  return changed;
}

/** The configurations that differ from what is expected. */
export function staleReferences(root: string = workspaceRoot): string[] {
  return [...expectedConfigs(readProjects(root))]
    .filter(
      ([path, text]) =>
        !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text,
    )
    .map(([path]) => path);
}

/** JSON as prettier leaves it, so that both agree on what is current. */
function print(config: { references: { path: string }[]; [key: string]: unknown }): string {
  const { references, ...rest } = config;
  const fields = Object.entries(rest).map(
    ([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  );
  const list = references.map(({ path }) => `{ "path": ${JSON.stringify(path)} }`);
  const oneLine = `  "references": [${list.join(', ')}]`;
  const lines =
    oneLine.length <= 100
      ? oneLine
      : `  "references": [\n${list.map((item) => `    ${item}`).join(',\n')}\n  ]`;
  return `{\n${[...fields, lines].join(',\n')}\n}\n`;
}
