import { staleReferences, writeReferences } from './references.ts';

/** `node tools/workspace/src/sync.ts [--check]`: writes the TypeScript project references, or says which are stale. */
if (process.argv.includes('--check')) {
  const stale = staleReferences();
  if (stale.length > 0) {
    console.error(`Stale project references: ${stale.join(', ')}. Run \`npm run generate\`.`);
    process.exitCode = 1;
  }
} else {
  for (const path of writeReferences()) console.log(`wrote ${path}`);
}
