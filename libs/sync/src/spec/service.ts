import { createServer, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { CallsDefinition } from '@trivium/contracts/trivium/calls/v1/calls';
import {
  type CallContext,
  type Channel,
  type Host,
  bind,
  createFixedLimit,
  createLogger,
  openChannel,
  startHost,
} from '@trivium/rpc';
import { type SyncClient, type SyncClientOptions, createSyncClient } from '../sync-client.ts';
import { type Target, createTarget } from '../target.ts';

/** What a spec's service does with an attempt: nothing for a success, or it throws. */
export type Serve = (call: CallContext, attempt: number) => void | Promise<void>;

/** A service of all kinds of methods, and the way to it. */
export interface SpecService {
  readonly channel: Channel;
  readonly host: Host;
  /** Every attempt that has come in. */
  readonly attempts: readonly CallContext[];
  /** A client without jitter, with a target of its own unless another one is named. */
  client(options?: SyncClientOptions): SyncClient<typeof CallsDefinition>;
}

/** A request for a method that declares nothing. */
export const undeclaredRequest = {
  call: { method: 'shop.catalog.v1.Catalog/GetProduct', request: {} },
};

const closers: (() => unknown)[] = [];

/** Has something closed by `closeAll`, before what was started earlier. */
export function closeLater(close: () => unknown): void {
  closers.push(close);
}

/** Closes all that was opened since the last time, latest first. For `afterEach`. */
export async function closeAll(): Promise<void> {
  for (const close of closers.splice(0).reverse()) await close();
}

/** Starts a service whose unary methods all do the same, and connects to it. */
export async function startService(serve: Serve = () => {}): Promise<SpecService> {
  const attempts: CallContext[] = [];
  const unary = async (_request: unknown, call: CallContext) => {
    await serve(call, attempts.push(call));
    return {};
  };
  const stream = async function* (request: unknown, call: CallContext) {
    yield await unary(request, call);
  };
  const host = await startHost({
    address: '127.0.0.1:0',
    log: createLogger({ name: 'spec', level: 'silent' }),
    // What fails is up to the spec, however busy the machine is.
    concurrencyLimit: createFixedLimit(Infinity),
    services: [
      bind(CallsDefinition, {
        call: unary,
        start: unary,
        listMethods: unary,
        listPlans: unary,
        watch: stream,
        run: stream,
      }),
    ],
  });
  closeLater(() => host.drain({ force: true }));
  const service = openService(host.address);
  // So that no time of a call goes into connecting.
  await service.channel.ready();
  return { ...service, host, attempts };
}

/** Opens the way to a service. */
export function openService(address: string) {
  const channel = openChannel(address);
  closeLater(() => channel.close());
  const target: Target = createTarget();
  return {
    channel,
    client: (options?: SyncClientOptions) =>
      createSyncClient(CallsDefinition, channel, { random: () => 0, target, ...options }),
  };
}

/** Starts a peer that ends every call with these headers, and opens a client of it. */
export async function startPeer(headers: () => OutgoingHttpHeaders) {
  const calls: IncomingHttpHeaders[] = [];
  const server = createServer();
  server.on('session', (session) => closeLater(() => session.destroy()));
  server.on('stream', (stream, incoming) => {
    calls.push(incoming);
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc+proto', ...headers() },
      { endStream: true },
    );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  closeLater(() => server.close());
  return { ...openService(`127.0.0.1:${(server.address() as AddressInfo).port}`), calls };
}
