import { bind, createClient, createLogger, openChannel, startHost } from '@trivium/rpc';
import type { Channel, Client, ErrorTable, Handlers, ServiceDefinition } from '@trivium/rpc';

/** A service behind a host of its own, and the way to it. Disposing of it drains the host. */
export interface Served<S extends ServiceDefinition> extends AsyncDisposable {
  readonly channel: Channel;
  readonly client: Client<S>;
}

/** Serves handlers on any free port, as `bind` binds them, without a word to a log. */
export async function serve<S extends ServiceDefinition>(
  definition: S,
  handlers: Handlers<S>,
  options: { readonly errors?: ErrorTable } = {},
): Promise<Served<S>> {
  const host = await startHost({
    address: '127.0.0.1:0',
    services: [bind(definition, handlers, options)],
    log: createLogger({ name: definition.name, level: 'silent' }),
  });
  const channel = openChannel(host.address);
  return {
    channel,
    client: createClient(definition, channel),
    async [Symbol.asyncDispose]() {
      await host.drain();
      channel.close();
    },
  };
}
