import {
  HealthCheckResponse_ServingStatus,
  HealthDefinition,
} from '@trivium/contracts/grpc/health/v1/health';
import type {
  HealthCheckRequest,
  HealthCheckResponse,
} from '@trivium/contracts/grpc/health/v1/health';
import type { CallContext } from '../call/call-context.ts';
import { Code } from '../error/code.ts';
import { RpcError } from '../error/rpc-error.ts';
import { bind } from '../host/bind.ts';
import type { BoundService } from '../host/bind.ts';

const { SERVING, NOT_SERVING, SERVICE_UNKNOWN } = HealthCheckResponse_ServingStatus;

/** The health of a host and of its services. */
export interface Health {
  /** The service `grpc.health.v1.Health` that reports it. */
  readonly service: BoundService;
  /** Says whether a service is serving; the empty name stands for the whole host. */
  set(serviceName: string, serving: boolean): void;
  /** Says that nothing is serving any more. What is set later has no effect. */
  shutdown(): void;
}

/**
 * Creates a health service, on which the host as a whole is not serving yet. A watch gets the status
 * at once, then each change, and the last one before the host drains.
 * Source: https://github.com/grpc/grpc/blob/master/doc/health-checking.md
 */
export function createHealth(): Health {
  const statuses = new Map<string, HealthCheckResponse_ServingStatus>([['', NOT_SERVING]]);
  const watchers = new Set<() => void>();
  let isShutdown = false;

  async function check({ service }: HealthCheckRequest): Promise<HealthCheckResponse> {
    const status = statuses.get(service);
    if (status === undefined) throw new RpcError(Code.NOT_FOUND, `No service ${service}`);
    return { status };
  }

  async function* watch({ service }: HealthCheckRequest, call: CallContext) {
    let told: HealthCheckResponse_ServingStatus | undefined;
    for (;;) {
      const status = statuses.get(service) ?? SERVICE_UNKNOWN;
      if (status !== told) yield { status: (told = status) };
      else if (call.signal.aborted || call.draining.aborted) return;
      else await changeOrEnd(watchers, [call.signal, call.draining]);
    }
  }

  async function list() {
    return { statuses: new Map([...statuses].map(([name, status]) => [name, { status }])) };
  }

  return {
    service: bind(HealthDefinition, { check, watch, list }),
    set(serviceName, serving) {
      if (isShutdown) return;
      statuses.set(serviceName, serving ? SERVING : NOT_SERVING);
      for (const wake of watchers) wake();
    },
    shutdown() {
      isShutdown = true;
      for (const serviceName of statuses.keys()) statuses.set(serviceName, NOT_SERVING);
      for (const wake of watchers) wake();
    },
  };
}

function changeOrEnd(watchers: Set<() => void>, ends: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    function wake() {
      watchers.delete(wake);
      for (const end of ends) end.removeEventListener('abort', wake);
      resolve();
    }
    watchers.add(wake);
    for (const end of ends) end.addEventListener('abort', wake);
  });
}
