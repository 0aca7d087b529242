import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** The root of the workspace. */
export const workspaceRoot = resolve(import.meta.dirname, '../../..');

/** A package of the workspace. */
export interface Project {
  /** The package's name, for example `@trivium/rpc`. */
  readonly name: string;
  /** Its folder, relative to the root, with forward slashes. */
  readonly folder: string;
  /** The names of the workspace's packages that it depends on. */
  readonly dependencies: readonly string[];
}

/** Every package of the workspace at `root`, by folder. */
export function readProjects(root: string = workspaceRoot): Project[] {
  const manifests = globSync('{apps,libs,tools}/*/package.json', { cwd: root }).sort();
  const packages = manifests.map((path) => ({
    folder: dirname(path).replaceAll('\\', '/'),
    manifest: JSON.parse(readFileSync(join(root, path), 'utf8')),
  }));
  const names = new Set(packages.map(({ manifest }) => manifest.name));
  return packages
    .filter(({ folder }) => existsSync(join(root, folder, 'src')))
    .map(({ folder, manifest }) => ({
      name: manifest.name,
      folder,
      dependencies: Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
        (name) => names.has(name),
      ),
    }));
}

/** The path from one folder of the workspace to another, as a project reference writes it. */
export const pathBetween = (from: string, to: string): string =>
  relative(from, to).replaceAll('\\', '/');
