import { lookup } from 'node:dns/promises';
import { Observable, isObservable } from 'rxjs';

/**
 * Where the replicas of a service are: a list of `host:port`; `dns:name:port` for all addresses that
 * a name has, looked up again and again; or an Observable of such lists, each of which replaces the
 * one before.
 */
export type Addresses =
  readonly string[] | `dns:${string}:${number}` | Observable<readonly string[]>;

/** How a name is looked up. */
export interface DnsOptions {
  /** How often, in milliseconds. Default 10,000. */
  readonly refreshMs?: number;
  /** Finds the addresses of a name. Default: as the operating system does. */
  readonly lookup?: (name: string) => Promise<readonly string[]>;
}

/** The lists of addresses, one after the other. Throws a TypeError for text that is none. */
export function observeAddresses(
  addresses: Exclude<Addresses, readonly string[]>,
  options?: DnsOptions,
): Observable<readonly string[]> {
  if (isObservable(addresses)) return addresses;
  const [, name, port] = /^dns:([^:/\s]+):(\d{1,5})$/.exec(addresses) ?? [];
  if (!name || !port) throw new TypeError(`Not of the form dns:name:port: ${addresses}`);
  return observeName(name, port, options);
}

/** Emits when the addresses have changed. While the name cannot be looked up they stay as they were. */
function observeName(name: string, port: string, options: DnsOptions = {}) {
  const { refreshMs = 10_000, lookup = lookUp } = options;
  return new Observable<readonly string[]>((subscriber) => {
    let known: string | undefined;
    let timer: NodeJS.Timeout | undefined;
    const refresh = async () => {
      const hosts = await lookup(name).catch(() => undefined);
      const found = hosts?.map((host) => (host.includes(':') ? `[${host}]` : host)).sort();
      if (subscriber.closed) return;
      if (found ? found.join() !== known : known === undefined) {
        known = found?.join();
        subscriber.next((found ?? []).map((host) => `${host}:${port}`));
      }
      timer = setTimeout(() => void refresh(), refreshMs).unref();
    };
    void refresh();
    return () => clearTimeout(timer);
  });
}

async function lookUp(name: string): Promise<readonly string[]> {
  const found = await lookup(name, { all: true });
  return found.map(({ address }) => address);
}
