import { readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import type { DescMethod } from '@bufbuild/protobuf';
import { Plan } from '@trivium/contracts/trivium/calls/v1/plan';
import { type CompiledPlan, PlanRefused, compilePlan, loadPlan } from '@trivium/plans';
import type { Methods } from '@trivium/registry';
import { Code, type Logger, RpcError } from '@trivium/rpc';
import type { Observable, Subscription } from 'rxjs';

/** What a folder of plans is made from. */
export interface PlanFolderOptions {
  readonly folder: string;
  readonly methods: Methods & { readonly changes: Observable<void> };
  /** The contract of a method that a plan may serve. */
  readonly served: (name: string) => DescMethod | undefined;
  readonly log: Logger;
}

/** A plan by its name. */
export interface NamedPlan {
  readonly name: string;
  /** As it is in force; with nothing but its name when no version of it was good. */
  readonly plan: Plan;
  /** The method that it says it serves, good or not; empty for none. */
  readonly serves: string;
  /** What runs; undefined when no version was good. */
  readonly compiled?: CompiledPlan;
  /** Why its newest version is not in force. */
  readonly error?: RpcError;
}

/** The plans of a folder. */
export interface PlanFolder {
  find(name: string): NamedPlan | undefined;
  /** All of them, by name. */
  list(): readonly NamedPlan[];
  /** A plan that came with a request. Throws `INVALID_ARGUMENT` for one that is not good. */
  compile(plan: Plan): CompiledPlan;
  /** The plan that serves a method (`package.Service/Method`). */
  serving(method: string): NamedPlan | undefined;
  /** The methods that plans of the folder say they serve, good or not. */
  servedMethods(): readonly string[];
  close(): void;
}

/** What is known of one file. */
interface PlanFile {
  readonly version: string;
  readonly text: string;
  readonly named: NamedPlan;
}

const POLL_MS = 500;
const extensions = new Set(['.yaml', '.yml', '.json']);

/**
 * Opens a folder of plans: YAML or JSON, each named by its `name`, or by its file when it has none. What is new, changed
 * or gone is noticed within about half a second, and all are checked again when the registered methods change. A broken
 * version is reported, in the log and in the list, and the last good one stays in force.
 */
export function openPlanFolder(options: PlanFolderOptions): PlanFolder {
  return new WatchedFolder(options);
}

class WatchedFolder implements PlanFolder {
  readonly #options: PlanFolderOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #subscription: Subscription;
  #files: ReadonlyMap<string, PlanFile> = new Map();
  #byName: ReadonlyMap<string, NamedPlan> = new Map();

  constructor(options: PlanFolderOptions) {
    this.#options = options;
    this.#read();
    this.#timer = setInterval(() => this.#read(), POLL_MS).unref();
    this.#subscription = options.methods.changes.subscribe(() => this.#read({ anew: true }));
  }

  find(name: string): NamedPlan | undefined {
    return this.#byName.get(name);
  }

  list(): readonly NamedPlan[] {
    return [...this.#byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  compile(plan: Plan): CompiledPlan {
    const { methods, served } = this.#options;
    try {
      return compilePlan(plan, { methods, served });
    } catch (error) {
      throw asRpcError(error);
    }
  }

  serving(method: string): NamedPlan | undefined {
    return this.list().find(({ serves }) => serves === method);
  }

  servedMethods(): readonly string[] {
    return [...new Set(this.list().map(({ serves }) => serves))].filter(Boolean);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#subscription.unsubscribe();
  }

  /** Reads what has changed; `anew`: checks again what has not. */
  #read({ anew = false } = {}): void {
    const { folder } = this.#options;
    const before = this.#files;
    const files = new Map<string, PlanFile>();
    let isChanged = anew;
    for (const file of planFiles(folder)) {
      const known = before.get(file);
      const version = attempt(() => versionOf(join(folder, file))) ?? 'gone';
      if (known?.version === version && !anew) {
        files.set(file, known);
        continue;
      }
      isChanged = true;
      const text = attempt(() => readFileSync(join(folder, file), 'utf8'));
      if (text === undefined) continue;
      const isNew = known?.version !== version;
      const named = this.#load(file, text, { before: known?.named, isNew });
      files.set(file, { version, text, named });
    }
    isChanged ||= files.size !== before.size;
    if (!isChanged) return;
    this.#files = files;
    this.#byName = this.#named(files);
  }

  #load(
    file: string,
    text: string,
    { before, isNew }: { readonly before: NamedPlan | undefined; readonly isNew: boolean },
  ): NamedPlan {
    const { methods, served, log } = this.#options;
    const byFile = basename(file, extname(file));
    try {
      const compiled = loadPlan(text, { methods, served });
      const name = compiled.plan.name || byFile;
      if (before?.error || isNew) log.info({ plan: name, file }, 'plan in force');
      const { serves } = compiled.plan;
      return { name, serves, compiled, plan: { ...compiled.plan, name } };
    } catch (caught) {
      const error = asRpcError(caught);
      if (before?.error?.message !== error.message) {
        const kept = before?.compiled ? ': the last good version stays in force' : '';
        // While backends come up one by one the reason changes, and is no news.
        const level = isNew || !before?.error ? 'warn' : 'debug';
        log[level]({ file, reason: error.message }, `a plan is broken${kept}`);
      }
      const name = before?.name ?? nameIn(text, byFile);
      // It may be good as soon as its backends are known.
      const serves = attempt(() => loadPlan(text, { served }).plan.serves) ?? '';
      return { name, serves, plan: Plan.fromPartial({ name }), ...before, error };
    }
  }

  /** By name; the first file that has it, in the order of the files' names. */
  #named(files: ReadonlyMap<string, PlanFile>): ReadonlyMap<string, NamedPlan> {
    const byName = new Map<string, NamedPlan>();
    for (const [file, { named }] of files) {
      const first = byName.get(named.name);
      if (!first) {
        byName.set(named.name, named);
        continue;
      }
      const message = `${file}: another file has a plan named ${named.name}; name it differently`;
      this.#options.log.warn(message);
      const error = first.error ?? new RpcError(Code.ALREADY_EXISTS, message);
      byName.set(named.name, { ...first, error });
    }
    return byName;
  }
}

function planFiles(folder: string): string[] {
  const files = attempt(() => readdirSync(folder)) ?? [];
  return files.filter((file) => extensions.has(extname(file)) && !file.startsWith('.')).sort();
}

function versionOf(path: string): string {
  const { mtimeMs, size, ino } = statSync(path);
  return `${mtimeMs} ${size} ${ino}`;
}

/** The name that a broken plan would have. */
function nameIn(text: string, otherwise: string): string {
  return /^\s*"?name"?\s*:\s*"?([a-z][a-z0-9-]{0,62})"?\s*,?\s*$/m.exec(text)?.[1] ?? otherwise;
}

function asRpcError(error: unknown): RpcError {
  return error instanceof PlanRefused ? error.toRpcError() : RpcError.from(error);
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
