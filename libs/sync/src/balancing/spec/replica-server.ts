import type { ServerWritableStream, UntypedHandleCall } from '@grpc/grpc-js';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import {
  HealthCheckResponse_ServingStatus as ServingStatus,
  HealthDefinition,
} from '@trivium/contracts/grpc/health/v1/health';
import type { HealthCheckResponse } from '@trivium/contracts/grpc/health/v1/health';
import { CatalogDefinition } from '@trivium/contracts/shop/catalog/v1/catalog';
import type { ServiceDefinition } from '@trivium/rpc';

/** A server that can be as ill as a spec wants; its service is the catalog. */
export interface ReplicaServer {
  readonly address: string;
  /** How many calls have reached `GetProduct`. */
  readonly served: number;
  /** What it does with calls from now on. */
  behave(behaviour: Behaviour): void;
  /** Tells each watch of its health. */
  setHealth(status: ServingStatus): void;
  /** Breaks its connections, and accepts no others. */
  kill(): void;
}

/** To answer well, with UNAVAILABLE, or never; `dead` answers no health check either. */
export type Behaviour = 'well' | 'unavailable' | 'silent' | 'dead';

type Watch = ServerWritableStream<unknown, HealthCheckResponse>;

/** Starts a server at any free port, or at one. */
export async function startReplicaServer({
  hasHealth = true,
  status = ServingStatus.SERVING as ServingStatus,
  address = '127.0.0.1:0',
} = {}): Promise<ReplicaServer> {
  const watches = new Set<Watch>();
  let behaviour: Behaviour = 'well';
  let served = 0;
  const server = new Server();
  if (hasHealth) {
    addService(server, HealthDefinition, {
      check: (_: unknown, callback: (error: null, response: HealthCheckResponse) => void) => {
        if (behaviour !== 'dead') callback(null, { status });
      },
      watch(call: Watch) {
        watches.add(call);
        call.on('cancelled', () => watches.delete(call));
        if (behaviour !== 'dead') call.write({ status });
      },
    });
  }
  addService(server, CatalogDefinition, {
    getProduct(_: unknown, callback: (error: object | null, response?: object) => void) {
      served += 1;
      if (behaviour === 'well') callback(null, {});
      if (behaviour === 'unavailable') callback({ code: 14, details: 'not now' });
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {
    address: `127.0.0.1:${port}`,
    get served() {
      return served;
    },
    behave(next) {
      behaviour = next;
    },
    setHealth(next) {
      status = next;
      for (const watch of watches) watch.write({ status });
    },
    kill: () => server.forceShutdown(),
  };
}

function addService(
  server: Server,
  definition: ServiceDefinition,
  handlers: Record<string, unknown>,
): void {
  const methods = Object.entries(definition.methods)
    .filter(([key]) => key in handlers)
    .map(([key, { name, requestType, responseType, requestStream, responseStream }]) => [
      key,
      {
        path: `/${definition.fullName}/${name}`,
        requestStream,
        responseStream,
        requestSerialize: (message: object) => encode(requestType, message),
        requestDeserialize: (bytes: Buffer) => requestType.decode(bytes),
        responseSerialize: (message: object) => encode(responseType, message),
        responseDeserialize: (bytes: Buffer) => responseType.decode(bytes),
      },
    ]);
  server.addService(Object.fromEntries(methods), handlers as Record<string, UntypedHandleCall>);
}

function encode(
  { encode, fromPartial }: ServiceDefinition['methods'][string]['requestType'],
  message: object,
): Buffer {
  return Buffer.from(encode(fromPartial(message)).finish());
}
