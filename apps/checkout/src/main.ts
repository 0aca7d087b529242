import { join } from 'node:path';
import { createOperations, openOperationStore, operationServices } from '@trivium/async';
import { CheckoutDefinition } from '@trivium/contracts/shop/checkout/v1/checkout';
import { bind, createClient, runService } from '@trivium/rpc';
import { createSyncClient } from '@trivium/sync';
import { telemetry } from '@trivium/telemetry';
import { connectBackends, openChannels } from './backends.ts';
import { config } from './config.ts';
import { errors } from './errors.ts';
import { createHandlers } from './handlers.ts';
import { createPlaceOrder } from './place-order.ts';
import { createQuotePlan } from './quote-plan.ts';

await runService({
  name: 'checkout',
  config,
  extensions: [telemetry],
  async start(config, { log, clientInterceptors: interceptors, aroundWork }) {
    const store = await openOperationStore({ path: join(config.DATA_DIR, 'orders.db'), log });
    const channels = openChannels(config);
    // An order repeats its calls itself, until it knows their outcome: retry lives at one layer only.
    const callingOnce = connectBackends({ channels, createClient, interceptors });
    const placeOrder = createPlaceOrder(callingOnce, { patienceMs: config.ORDER_PATIENCE_MS });
    const operations = createOperations({
      ...{ store, log, kinds: { placeOrder } },
      aroundAttempt: aroundWork,
    });
    const repeating = connectBackends({ channels, createClient: createSyncClient, interceptors });
    const quotePlan = createQuotePlan(repeating, { timeoutMs: config.CARRIER_TIMEOUT_MS });
    await operations.resume();
    return {
      services: [
        bind(CheckoutDefinition, createHandlers({ quotePlan, operations }), {
          errors,
          // A watch only waits, and lasts as long as its order.
          critical: ['watchOrder'],
        }),
        ...operationServices(operations),
      ],
      async close() {
        await operations.close();
        channels.close();
        await store.close();
      },
    };
  },
});
