import { LineCounter, parseDocument } from 'yaml';
import { FileFaults, type Path } from './file-faults.ts';

/** How a backend is talked to over TLS; paths are relative to the file. */
export interface TlsOptions {
  /** The certificates that are trusted, as PEM; those of the system when absent. */
  readonly ca?: string;
  /** This side's certificate and its key, as PEM, where the backend asks for one. */
  readonly cert?: string;
  readonly key?: string;
  /** The name that the backend's certificate is for, where that is not the address. */
  readonly serverName?: string;
}

/** A backend, as the file has it. */
export interface BackendEntry {
  readonly name: string;
  /** `host:port` of each replica, or `dns:name:port` for all addresses of a name. */
  readonly addresses: readonly string[] | `dns:${string}:${number}`;
  readonly tls?: TlsOptions;
  /** Which methods may be called: `package.Service/Method`, with `*` for any text. */
  readonly methods: readonly string[];
  /** How often it is asked again what it offers, in milliseconds. */
  readonly refreshMs: number;
}

/** What a services file says. */
export interface ServicesFile {
  readonly services: readonly BackendEntry[];
  /** Files with a serialized `FileDescriptorSet`: contracts that plans may serve. */
  readonly contracts: readonly string[];
}

const nameRule = /^[a-z][a-z0-9-]{0,62}$/;
const addressRule = /^(\[[\da-fA-F:.%]+\]|[^:/\s]+):(\d{1,5})$/;
const dnsRule = /^dns:[^:/\s]+:\d{1,5}$/;
const patternRule = /^[A-Za-z_*][\w.*]*(\/[\w*]+)?$/;
const durationRule = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/;
const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
const defaultRefreshMs = 60_000;

/**
 * Reads the text of a services file. Throws one `InvalidFile` that lists every fault with its line, its field and what
 * would be right.
 */
export function parseServicesFile(text: string, file: string): ServicesFile {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter });
  const faults = new FileFaults({ file, document, lineCounter });
  for (const { message, pos } of document.errors) faults.addAt(pos[0], message.split('\n')[0]!);
  faults.throwIfAny();

  const root = faults.mapping([], document.toJS(), ['services', 'contracts']);
  const services = listOf(root['services'], ['services'], faults, (entry, path) =>
    backendEntry(entry, path, faults),
  );
  if (root['services'] === undefined) faults.add([], 'must have a list services');
  services.forEach(({ name }, index) => {
    const first = services.findIndex((other) => other.name === name);
    if (first < index)
      faults.add(['services', index, 'name'], `must differ from services[${first}].name`);
  });
  const contracts = listOf(root['contracts'] ?? [], ['contracts'], faults, (entry, path) =>
    textOf(entry, path, faults, 'must be the path of a descriptor set'),
  );
  faults.throwIfAny();
  return { services, contracts };
}

function backendEntry(entry: unknown, path: Path, faults: FileFaults): BackendEntry {
  const keys = ['name', 'addresses', 'tls', 'methods', 'refresh'];
  const fields = faults.mapping(path, entry, keys);
  const name = fields['name'];
  if (typeof name !== 'string' || !nameRule.test(name)) {
    faults.add(
      [...path, 'name'],
      'must be a name of lower-case letters, digits and -, for example catalog',
    );
  }
  const tls = tlsOptions(fields['tls'], [...path, 'tls'], faults);
  return {
    name: String(name),
    addresses: addresses(fields['addresses'], [...path, 'addresses'], faults),
    ...(tls && { tls }),
    methods: patterns(fields['methods'], [...path, 'methods'], faults),
    refreshMs: duration(fields['refresh'], [...path, 'refresh'], faults),
  };
}

function addresses(value: unknown, path: Path, faults: FileFaults): BackendEntry['addresses'] {
  if (typeof value === 'string' && dnsRule.test(value)) return value as `dns:${string}:${number}`;
  const list = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(list) || list.length === 0) {
    faults.add(path, 'must be host:port, a list of them, or dns:name:port');
    return [];
  }
  list.forEach((each, index) => {
    const port = typeof each === 'string' ? addressRule.exec(each)?.[2] : undefined;
    if (port !== undefined && Number(port) <= 65_535) return;
    faults.add(
      Array.isArray(value) ? [...path, index] : path,
      'must be host:port, for example 127.0.0.1:50051',
    );
  });
  return list as string[];
}

function tlsOptions(value: unknown, path: Path, faults: FileFaults): TlsOptions | undefined {
  if (value === undefined || value === false) return undefined;
  if (value === true) return {};
  const keys = ['ca', 'cert', 'key', 'serverName'] as const;
  const fields = faults.mapping(path, value, keys);
  for (const key of keys) {
    if (fields[key] !== undefined) textOf(fields[key], [...path, key], faults, 'must be a text');
  }
  if ((fields['cert'] === undefined) !== (fields['key'] === undefined)) {
    faults.add(path, 'must have both cert and key, or neither');
  }
  return fields as TlsOptions;
}

function patterns(value: unknown, path: Path, faults: FileFaults): string[] {
  if (value === undefined) return ['*'];
  return listOf(value, path, faults, (each, at) => {
    const remedy = 'must be package.Service/Method, where * stands for any text';
    const text = textOf(each, at, faults, remedy);
    if (text !== '' && !patternRule.test(text)) faults.add(at, remedy);
    return text;
  });
}

function duration(value: unknown, path: Path, faults: FileFaults): number {
  if (value === undefined) return defaultRefreshMs;
  const [, count, unit] = durationRule.exec(String(value)) ?? [];
  const ms = Number(count) * unitMs[(unit ?? 'ms') as keyof typeof unitMs];
  if (ms >= 100 && ms <= 24 * unitMs.h) return ms;
  faults.add(path, 'must be a time from 100ms to 24h, for example 30s');
  return defaultRefreshMs;
}

function listOf<T>(
  value: unknown,
  path: Path,
  faults: FileFaults,
  read: (entry: unknown, path: Path) => T,
): T[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.map((entry, index) => read(entry, [...path, index]));
  faults.add(path, 'must be a list');
  return [];
}

function textOf(value: unknown, path: Path, faults: FileFaults, remedy: string): string {
  if (typeof value === 'string' && value !== '') return value;
  faults.add(path, remedy);
  return '';
}
