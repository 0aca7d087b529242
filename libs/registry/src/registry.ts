import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { JsonValue } from '@bufbuild/protobuf';
import { type ClientInterceptor, Code, type Logger, RpcError, resourceInfo } from '@trivium/rpc';
import { type Observable, Subject } from 'rxjs';
import { callByContract } from './call/call-by-contract.ts';
import { Backend } from './discovery/backend.ts';
import { createMethodFilter } from './discovery/method-filter.ts';
import { type ServicesFile, parseServicesFile } from './file/services-file.ts';
import { watchForChanges } from './file/watch-file.ts';
import { type MethodEntry, MethodTable } from './method-table.ts';
import type {
  CallByName,
  CallByNameOptions,
  Methods,
  NamedReply,
  RegisteredMethod,
} from './registered-method.ts';

/** What a registry is made from. */
export interface RegistryOptions {
  /** The path of the services file. */
  readonly file: string;
  readonly log: Logger;
  /** What stands around each attempt of a call. */
  readonly interceptors?: readonly ClientInterceptor[];
  /** The largest message that is sent or received, in bytes. Default: 4 MiB. */
  readonly maxMessageBytes?: number;
}

/** What is known of a backend. */
export interface BackendStatus {
  readonly name: string;
  /** Whether it has told what it offers. */
  readonly isKnown: boolean;
  /** Why it is not known what it offers now; absent when it is. */
  readonly trouble?: string;
}

/** The backends of a services file, found by reflection, and their methods, called by name. */
export interface ServiceRegistry extends Methods, CallByName {
  /** The method of this name. Throws `NOT_FOUND` for none, and `UNAVAILABLE` while a backend that may have it is unknown. */
  require(name: string): RegisteredMethod;
  /** Throws what a call would be refused with before anything is sent: for the method's name, and for its request. */
  check(method: string, request: JsonValue): void;
  /** Emits after each change of what is registered. */
  readonly changes: Observable<void>;
  /** Serialized `FileDescriptorSet`s that the file names under `contracts`, as they were at the start. */
  readonly contracts: readonly Uint8Array[];
  /** What is not as its operator meant it: names that clash, a file that is broken now. */
  problems(): readonly string[];
  backends(): readonly BackendStatus[];
  /**
   * Resolves once every backend has told what it offers, or has failed to at least once, and after `timeoutMs` (2,000 by
   * default) at the latest: a moment to start in, and no promise that anything is there.
   */
  settled(timeoutMs?: number): Promise<void>;
  /** The responses of a method that streams them, in JSON; it errors with an `RpcError`. */
  stream(method: string, request: JsonValue, options: CallByNameOptions): Observable<JsonValue>;
  /** Open calls may finish. */
  close(): void;
}

/**
 * Opens the registry of a services file. The file is read again when it changes; a broken one is reported, and what was
 * there stays in force. No backend has to be up: its methods are listed once it is, and again when it offers others.
 * Throws `InvalidFile` for a file that is broken at the start.
 */
export function openRegistry(options: RegistryOptions): ServiceRegistry {
  return new FileRegistry(options);
}

class FileRegistry implements ServiceRegistry {
  readonly contracts: readonly Uint8Array[];
  readonly #options: RegistryOptions;
  readonly #folder: string;
  readonly #changes = new Subject<void>();
  readonly changes = this.#changes.asObservable();
  readonly #stopWatching: () => void;
  #backends: Backend[] = [];
  #table = new MethodTable([]);
  #fileProblem: string | undefined;

  constructor(options: RegistryOptions) {
    this.#options = options;
    this.#folder = dirname(resolve(options.file));
    const { services, contracts } = this.#read();
    this.contracts = contracts.map((path) => readFileSync(resolve(this.#folder, path)));
    this.#replace(services);
    this.#stopWatching = watchForChanges(options.file, () => this.#reload());
  }

  find(name: string): MethodEntry | undefined {
    return this.#table.find(name);
  }

  list(): readonly MethodEntry[] {
    return this.#table.list();
  }

  require(name: string): MethodEntry {
    const entry = this.find(name);
    if (!entry) throw this.#unknown(name);
    return entry;
  }

  check(method: string, request: JsonValue): void {
    this.require(method).calls.check(request);
  }

  problems(): readonly string[] {
    return [...(this.#fileProblem ? [this.#fileProblem] : []), ...this.#table.clashes];
  }

  backends(): readonly BackendStatus[] {
    return this.#backends.map(({ entry, contract, trouble }) => ({
      name: entry.name,
      isKnown: contract !== undefined,
      ...(trouble !== undefined && { trouble }),
    }));
  }

  async settled(timeoutMs = 2_000): Promise<void> {
    const asked = Promise.all(this.#backends.map((backend) => backend.asked));
    const enough = new AbortController();
    const late = delay(timeoutMs, undefined, { signal: enough.signal }).catch(() => undefined);
    await Promise.race([asked, late]);
    enough.abort();
  }

  async call(method: string, request: JsonValue, options: CallByNameOptions): Promise<NamedReply> {
    const entry = this.require(method);
    return callByContract(entry, {
      request,
      options,
      refresh: () => this.#refresh(entry),
    });
  }

  stream(method: string, request: JsonValue, options: CallByNameOptions): Observable<JsonValue> {
    return this.require(method).calls.stream(request, options);
  }

  close(): void {
    this.#stopWatching();
    for (const backend of this.#backends) backend.close();
    this.#changes.complete();
  }

  async #refresh({ name, backend }: MethodEntry): Promise<MethodEntry | undefined> {
    await this.#backends.find(({ entry }) => entry.name === backend)?.refresh();
    return this.find(name);
  }

  #read(): ServicesFile {
    const { file } = this.#options;
    return parseServicesFile(readFileSync(file, 'utf8'), basename(file));
  }

  #reload(): void {
    const { log } = this.#options;
    try {
      const { services } = this.#read();
      this.#fileProblem = undefined;
      this.#replace(services);
      log.info({ services: services.map(({ name }) => name) }, 'services file read again');
    } catch (err) {
      this.#fileProblem = (err as Error).message;
      this.#changes.next();
      log.error({ err }, 'the services file is broken: what was read before stays in force');
    }
  }

  /** What has not changed stays as it is, with its connections and what is known of it. */
  #replace(services: ServicesFile['services']): void {
    const before = this.#backends;
    const opened: Backend[] = [];
    try {
      this.#backends = services.map((entry) => {
        const known = before.find((backend) => isDeepStrictEqual(backend.entry, entry));
        if (known) return known;
        opened.push(this.#open(entry));
        return opened.at(-1)!;
      });
    } catch (error) {
      for (const backend of opened) backend.close();
      throw error;
    }
    for (const backend of before) if (!this.#backends.includes(backend)) backend.close();
    this.#rebuild();
  }

  #open(entry: ServicesFile['services'][number]): Backend {
    const { log, maxMessageBytes = 4 * 1024 * 1024 } = this.#options;
    const onContract = () => this.#rebuild();
    return new Backend({ entry, folder: this.#folder, maxMessageBytes, log, onContract });
  }

  #rebuild(): void {
    const { interceptors = [], log } = this.#options;
    const known = new Set(this.#table.clashes);
    this.#table = new MethodTable(this.#backends, { before: this.#table, interceptors });
    for (const clash of this.#table.clashes) if (!known.has(clash)) log.warn(clash);
    this.#changes.next();
  }

  #unknown(method: string): RpcError {
    const unknown = this.#backends.filter(({ entry, contract }) => {
      return contract === undefined && createMethodFilter(entry.methods)(method);
    });
    if (unknown.length > 0) {
      const names = unknown.map(({ entry }) => entry.name).join(', ');
      const message = `${method} is not known yet: these backends have not told what they offer: ${names}`;
      return new RpcError(Code.UNAVAILABLE, message);
    }
    const description = `No registered backend offers ${method}; ListMethods says what there is`;
    const resource = { resourceType: 'method', resourceName: method, description };
    return new RpcError(Code.NOT_FOUND, description, { details: [resourceInfo(resource)] });
  }
}
