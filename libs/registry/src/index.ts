// For owners of a registry.
export { openRegistry } from './registry.ts';
export type { BackendStatus, RegistryOptions, ServiceRegistry } from './registry.ts';
export { InvalidFile } from './file/file-faults.ts';

// For who names methods.
export type {
  CallByName,
  CallByNameOptions,
  Methods,
  NamedReply,
  RegisteredMethod,
  Repetition,
} from './registered-method.ts';
export { jsonProblems } from './call/json-problems.ts';
export type { JsonProblem } from './call/json-problems.ts';

// For contracts of their own.
export { fillJsonNames } from './discovery/json-names.ts';
export { parseServicesFile } from './file/services-file.ts';
export type { BackendEntry, ServicesFile, TlsOptions } from './file/services-file.ts';
