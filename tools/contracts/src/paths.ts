import { join, resolve } from 'node:path';

/** The root of the workspace. */
export const workspaceRoot = resolve(import.meta.dirname, '../../..');
/** Where the contracts are: a buf module. */
export const protoFolder = join(workspaceRoot, 'proto');
/** Where third-party contracts are put for buf; not in version control. */
export const thirdPartyFolder = join(protoFolder, '.deps');
/** Where generated code is; in version control. */
export const generatedFolder = join(workspaceRoot, 'libs/contracts/src/gen');
/** Where packages are installed. */
export const nodeModules = join(workspaceRoot, 'node_modules');
