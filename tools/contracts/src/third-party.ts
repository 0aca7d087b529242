import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { file_buf_validate_validate } from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';
import { printProto } from './print-proto.ts';
import { nodeModules } from './paths.ts';

/** Contracts of others that ours import or that every host serves: `[folder in its package, import path]`. */
const sources: readonly (readonly [string, string])[] = [
  ...[
    'google/api/annotations.proto',
    'google/api/client.proto',
    'google/api/field_behavior.proto',
    'google/api/http.proto',
    'google/api/launch_stage.proto',
    'google/longrunning/operations.proto',
    'google/rpc/error_details.proto',
    'google/rpc/status.proto',
  ].map((path) => [`google-gax/build/protos/${path}`, path] as const),
  ...['grpc/reflection/v1/reflection.proto', 'grpc/reflection/v1alpha/reflection.proto'].map(
    (path) => [`@grpc/reflection/build/proto/${path}`, path] as const,
  ),
  ['grpc-health-check/proto/health/v1/health.proto', 'grpc/health/v1/health.proto'],
];

/** Puts every third-party contract below `folder`, by import path, from installed packages: nothing is downloaded. */
export function placeThirdPartyContracts(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [source, importPath] of sources) {
    mkdirSync(dirname(join(folder, importPath)), { recursive: true });
    cpSync(join(nodeModules, source), join(folder, importPath));
  }
  mkdirSync(join(folder, 'buf/validate'), { recursive: true });
  writeFileSync(
    join(folder, 'buf/validate/validate.proto'),
    printProto(file_buf_validate_validate),
  );
}
