import { join } from 'node:path';
import { createOperations, openOperationStore, operationServices } from '@trivium/async';
import { CallsDefinition } from '@trivium/contracts/trivium/calls/v1/calls';
import { createLimits } from '@trivium/parallel';
import { type ServiceContext, type ServiceParts, bind, createFixedLimit } from '@trivium/rpc';
import { openRegistry } from '@trivium/registry';
import { createCallsHandlers } from './calls/calls-handlers.ts';
import type { Config } from './config.ts';
import { openPlanFolder } from './plans/plan-folder.ts';
import { createFindContract } from './serve/contracts.ts';
import { servePlans } from './serve/serve-plans.ts';
import { GRACE_MS } from './work/graceful-signal.ts';
import { createKinds } from './work/kinds.ts';

/** Opens what the orchestrator works with, goes on with what an earlier process left, and binds what it serves. */
export async function startOrchestrator(
  config: Config,
  { log, clientInterceptors: interceptors, aroundWork: aroundAttempt }: ServiceContext,
): Promise<ServiceParts> {
  const { SERVICES_FILE: file, PLANS_DIR: folder, MAX_MESSAGE_BYTES: maxMessageBytes } = config;
  const path = join(config.DATA_DIR, 'orchestrator.db');
  const store = await openOperationStore({ path, log });
  const registry = openRegistry({ file, log, interceptors, maxMessageBytes });
  // Before plans are checked: they name what backends offer.
  await registry.settled();
  const { contracts: descriptorSets } = registry;
  const findContract = createFindContract({ descriptorSets, methods: registry });
  const plans = openPlanFolder({ folder, methods: registry, served: findContract, log });
  const { OPERATION_TIMEOUT_MS: defaultTimeoutMs, MAX_CALLS: perProcess } = config;
  const limits = createLimits({ perProcess, perTarget: config.MAX_CALLS_PER_BACKEND });
  const runner = { registry, plans, limits };
  const kinds = createKinds(runner);
  const operations = createOperations({ store, log, kinds, graceMs: GRACE_MS, aroundAttempt });
  const handlers = createCallsHandlers({ ...runner, operations, defaultTimeoutMs });
  await operations.resume();
  const served = servePlans({ ...runner, findContract, log });
  return {
    services: [
      bind(CallsDefinition, handlers, { critical: ['watch'] }),
      ...operationServices(operations),
      ...served.services,
    ],
    // How long a call takes says nothing about this host's load: it waits for others, each as slow as it is.
    host: {
      concurrencyLimit: createFixedLimit(Infinity),
      descriptorSets: [...descriptorSets, ...served.descriptorSets],
    },
    async close() {
      plans.close();
      await operations.close();
      registry.close();
      await store.close();
    },
  };
}
