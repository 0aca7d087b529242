import type { DescMethod, Registry } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel as Level } from '@bufbuild/protobuf/wkt';
import type { ClientInterceptor } from '@trivium/rpc';
import { type Target, createTarget } from '@trivium/sync';
import { MethodCalls } from './call/method-calls.ts';
import type { Backend } from './discovery/backend.ts';
import type { Contract } from './discovery/contract.ts';
import { createMethodFilter } from './discovery/method-filter.ts';
import type { RegisteredMethod, Repetition } from './registered-method.ts';

/** A registered method with the way to it. */
export interface MethodEntry extends RegisteredMethod {
  readonly calls: MethodCalls;
}

const repetitions: Readonly<Record<Level, Repetition>> = {
  [Level.IDEMPOTENCY_UNKNOWN]: 'unspecified',
  [Level.NO_SIDE_EFFECTS]: 'noSideEffects',
  [Level.IDEMPOTENT]: 'idempotent',
};

/** The methods of one contract of one backend. */
interface OfferedMethods {
  readonly contract: Contract;
  readonly target: Target;
  readonly entries: readonly MethodEntry[];
}

/** All methods that can be called, as they are at one moment: it is never changed, but replaced as a whole. */
export class MethodTable {
  /** What several backends offer, and who got it. */
  readonly clashes: readonly string[];
  readonly #offers = new Map<Backend, OfferedMethods>();
  readonly #byName = new Map<string, MethodEntry>();
  readonly #list: readonly MethodEntry[];

  constructor(
    backends: readonly Backend[],
    options: { before?: MethodTable; interceptors?: readonly ClientInterceptor[] } = {},
  ) {
    const { before, interceptors = [] } = options;
    const clashes: string[] = [];
    for (const backend of backends) {
      const { contract } = backend;
      if (!contract) continue;
      const known = before && before.#offers.get(backend);
      const target = known?.target ?? createTarget();
      const offer =
        known?.contract === contract
          ? known
          : { contract, target, entries: entriesOf(backend, contract, { target, interceptors }) };
      this.#offers.set(backend, offer);
      for (const entry of offer.entries) {
        const first = this.#byName.get(entry.name);
        if (!first) this.#byName.set(entry.name, entry);
        else clashes.push(`${entry.name}: ${first.backend} serves it, ${entry.backend} does not`);
      }
    }
    this.clashes = clashes;
    this.#list = [...this.#byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  find(name: string): MethodEntry | undefined {
    return this.#byName.get(name);
  }

  list(): readonly MethodEntry[] {
    return this.#list;
  }
}

function entriesOf(
  backend: Backend,
  { services, types }: Contract,
  shared: { target: Target; interceptors: readonly ClientInterceptor[] },
): MethodEntry[] {
  const { entry, channel } = backend;
  const isAllowed = createMethodFilter(entry.methods);
  return services
    .flatMap(({ methods }) => methods)
    .map((descriptor) => methodOf(descriptor, entry.name, types))
    .filter(({ name }) => isAllowed(name))
    .map((method) => withCalls(method, () => new MethodCalls({ method, channel, ...shared })));
}

function methodOf(descriptor: DescMethod, backend: string, types: Registry): RegisteredMethod {
  const name = `${descriptor.parent.typeName}/${descriptor.name}`;
  return { name, backend, repetition: repetitions[descriptor.idempotency], descriptor, types };
}

/** Of a backend's methods few are ever called: what calls one is made when it first is. */
function withCalls(method: RegisteredMethod, create: () => MethodCalls): MethodEntry {
  let calls: MethodCalls | undefined;
  return {
    ...method,
    get calls() {
      return (calls ??= create());
    },
  };
}
