import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBinary, versionedBins } from './find-binary.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'trivium-bench-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const program = (path: string, mode = 0o755) => {
  writeFileSync(path, '');
  chmodSync(path, mode);
  return path;
};

it('finds a program on the PATH and in other folders, and nothing that cannot be run', () => {
  const path = program(join(folder, 'a-server-of-a-spec'));
  expect(findBinary('a-server-of-a-spec')).toBeUndefined();
  expect(findBinary('a-server-of-a-spec', [folder])).toBe(path);
  program(join(folder, 'its-readme'), 0o644);
  expect(findBinary('its-readme', [folder])).toBeUndefined();
  expect(findBinary('node')).toMatch(/node$/);
});

it('prefers the highest version, and has none below a folder that is not there', () => {
  for (const name of ['9', '15', 'common']) mkdirSync(join(folder, name));
  expect(versionedBins(folder)).toEqual([join(folder, '15', 'bin'), join(folder, '9', 'bin')]);
  expect(versionedBins(join(folder, 'absent'))).toEqual([]);
});
