import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buf } from './buf.ts';
import { buildDescriptorSet, descriptorSetOf } from './descriptor-set.ts';
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
  compareWith(descriptorSetOf(git('show', `${base}:${recorded}`)));
  return `Nothing breaks a caller of ${base}.`;
}

/**
 * Compares the contracts with an earlier descriptor set of them.
 *
 * @throws when a change breaks callers, with what buf found as `stdout` of the error.
 */
export function compareWith(earlier: Uint8Array): void {
  const folder = mkdtempSync(join(tmpdir(), 'trivium-breaking-'));
  try {
    // As images, because buf compares modules one by one, and a recorded set is of all of them.
    const [now, against] = [join(folder, 'now.binpb'), join(folder, 'earlier.binpb')];
    writeFileSync(now, buildDescriptorSet());
    writeFileSync(against, earlier);
    const ours = ['--path', 'shop', '--path', 'trivium'];
    buf('breaking', now, '--against', against, '--config', 'buf.yaml', ...ours);
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
  const isChanged = git('status', '--porcelain', '--', recorded) !== '';
  return versions[isChanged ? 0 : 1];
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
