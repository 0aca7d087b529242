import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buf } from './buf.ts';
import { buildDescriptorSet, descriptorSetModule } from './descriptor-set.ts';
import { generatedFolder, thirdPartyFolder } from './paths.ts';
import { keepStructKeys } from './struct-keys.ts';
import { placeThirdPartyContracts } from './third-party.ts';

/** Makes all generated code anew in the version-controlled folder. */
export function generate(): void {
  withFreshCode((fresh) => {
    rmSync(generatedFolder, { recursive: true, force: true });
    cpSync(fresh, generatedFolder, { recursive: true });
  });
}

/** Makes all generated code anew elsewhere and returns the files, by relative path, that differ from what is there. */
export function staleFiles(): string[] {
  return withFreshCode((fresh) => {
    const paths = new Set([...filesBelow(fresh), ...filesBelow(generatedFolder)]);
    return [...paths].filter((path) => read(fresh, path) !== read(generatedFolder, path)).sort();
  });
}

function withFreshCode<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'trivium-generate-'));
  try {
    placeThirdPartyContracts(thirdPartyFolder);
    buf('generate', '--output', folder);
    keepStructKeys(folder);
    writeFileSync(join(folder, 'descriptor-set.ts'), descriptorSetModule(buildDescriptorSet()));
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const filesBelow = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    : [];

const read = (folder: string, path: string): string | undefined =>
  existsSync(join(folder, path)) ? readFileSync(join(folder, path), 'utf8') : undefined;
