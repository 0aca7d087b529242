import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buf } from './buf.ts';
import { descriptorSetOf } from './descriptor-set.ts';
import { workspaceRoot } from './paths.ts';

const recorded = 'libs/contracts/src/gen/descriptor-set.ts';

/**
 * Compares the contracts with those of `main`, by the descriptor set that is recorded there, and says with what they
 * were compared. On `main` itself the comparison is with the version before the last one that changed them.
 *
 * @throws when a change breaks callers; buf has then printed where.
 */
export function breakingChanges(): string {
  const base = comparisonBase();
  if (!base) return 'There are no earlier contracts to compare with.';
  const folder = mkdtempSync(join(tmpdir(), 'trivium-breaking-'));
  try {
    const image = join(folder, 'base.binpb');
    writeFileSync(image, descriptorSetOf(git('show', `${base}:${recorded}`)));
    buf('breaking', '--against', image, '--exclude-imports');
    return `Nothing breaks a caller of ${base}.`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function comparisonBase(): string | undefined {
  const main = ['origin/main', 'main'].find((ref) =>
    succeeds('rev-parse', '--verify', '--quiet', ref),
  );
  const onMain = main && git('rev-parse', main) === git('rev-parse', 'HEAD');
  if (main && !onMain) return hasContracts(main) ? main : undefined;
  const versions = git('log', '--format=%h', '--first-parent', 'HEAD', '--', recorded).split('\n');
  const dirty = git('status', '--porcelain', '--', recorded) !== '';
  const previous = versions[dirty ? 0 : 1];
  return previous || undefined;
}

const hasContracts = (ref: string): boolean => succeeds('cat-file', '-e', `${ref}:${recorded}`);

const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: workspaceRoot, encoding: 'utf8', maxBuffer: 1 << 26 }).trim();

function succeeds(...args: string[]): boolean {
  try {
    execFileSync('git', args, { cwd: workspaceRoot, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
