import type { Channel, ChannelOptions } from '../client/channel.ts';
import { openChannel } from '../client/channel.ts';
import type { Client } from '../client/client.ts';
import { createClient } from '../client/client.ts';
import type { Handlers } from '../host/bind.ts';
import type { HostOptions } from '../host/host.ts';
import { EchoDefinition, startEchoHost } from './echo-service.ts';

/** A client of the echo service, and its channel. */
export interface Echo {
  readonly client: Client<typeof EchoDefinition>;
  readonly channel: Channel;
}

const closers: (() => unknown)[] = [];

/** Starts a host of the echo service and opens a client of it. `closeAll` ends both. */
export async function startEcho(
  handlers: Partial<Handlers<typeof EchoDefinition>> = {},
  options: Partial<HostOptions> = {},
): Promise<Echo> {
  const host = await startEchoHost(handlers, options);
  closers.push(() => host.drain({ force: true }));
  return openEcho(host.address);
}

/** Opens a client of the echo service at an address. `closeAll` closes it. */
export function openEcho(address: string, options?: ChannelOptions): Echo {
  const channel = openChannel(address, options);
  closers.push(() => channel.close());
  return { client: createClient(EchoDefinition, channel), channel };
}

/** Has something closed by `closeAll`, before what was started earlier. */
export function closeLater(close: () => unknown): void {
  closers.push(close);
}

/** Closes all that was opened since the last time, latest first. For `afterEach`. */
export async function closeAll(): Promise<void> {
  for (const close of closers.splice(0).reverse()) await close();
}
