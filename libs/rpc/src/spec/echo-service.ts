import { Any } from '@trivium/contracts/google/protobuf/any';
import { pino } from 'pino';
import { bind, type BoundService, type Handlers } from '../host/bind.ts';
import { startHost, type Host, type HostOptions } from '../host/host.ts';
import type { Logger } from '../logger.ts';

/** A service for specs: a method of each kind, over messages that may have any size. */
export const EchoDefinition = {
  name: 'Echo',
  fullName: 'spec.v1.Echo',
  methods: {
    say: method('Say', { requestStream: false, responseStream: false }),
    repeat: method('Repeat', { requestStream: false, responseStream: true }),
    collect: method('Collect', { requestStream: true, responseStream: false }),
    converse: method('Converse', { requestStream: true, responseStream: true }),
  },
} as const;

function method<const N extends string, const Q extends boolean, const S extends boolean>(
  name: N,
  kind: { readonly requestStream: Q; readonly responseStream: S },
) {
  return { name, ...kind, requestType: Any, responseType: Any, options: {} } as const;
}

/** Handlers that answer with what they are asked. */
export const echoHandlers: Handlers<typeof EchoDefinition> = {
  say: async (request) => request,
  async *repeat(request) {
    for (let times = Number(request.typeUrl); times > 0; times -= 1) yield request;
  },
  async collect(requests) {
    const values: Uint8Array[] = [];
    for await (const { value } of requests) values.push(value);
    return { value: Buffer.concat(values) };
  },
  converse: (requests) => requests,
};

/** Some of the echo service's handlers. */
export type EchoHandlers = Partial<Handlers<typeof EchoDefinition>>;

/** The echo service, with some of its handlers replaced. */
export function bindEcho(
  handlers: EchoHandlers = {},
  options?: Parameters<typeof bind<typeof EchoDefinition>>[2],
): BoundService {
  return bind(EchoDefinition, { ...echoHandlers, ...handlers }, options);
}

/** A host of the echo service, and what it has logged. */
export interface EchoHost extends Host {
  readonly lines: readonly LogLine[];
}

/** One line of a log. */
export type LogLine = Record<string, unknown> & { level: string; msg: string };

/** Starts a host of the echo service at any free port. */
export async function startEchoHost(
  handlers: EchoHandlers = {},
  options: Partial<HostOptions> = {},
): Promise<EchoHost> {
  const { log, lines } = recordingLog();
  const services = [bindEcho(handlers)];
  const host = await startHost({ address: '127.0.0.1:0', services, log, ...options });
  return { ...host, lines };
}

/** A log that keeps its lines. */
export function recordingLog(): { log: Logger; lines: LogLine[] } {
  const lines: LogLine[] = [];
  const log = pino(
    { level: 'trace', base: {}, formatters: { level: (level) => ({ level }) } },
    { write: (line: string) => void lines.push(JSON.parse(line) as LogLine) },
  );
  return { log, lines };
}
