import { OperationsDefinition } from '@trivium/contracts/google/longrunning/operations';
import { CheckoutDefinition } from '@trivium/contracts/shop/checkout/v1/checkout';
import { createClient, openChannel } from '@trivium/rpc';
import {
  type ServiceProcess,
  type Shop,
  type ShopClients,
  serviceNames,
  startProcess,
} from '@trivium/shop';
import type { Victims } from './faults/injector.ts';

/** A second checkout, and the shop with it. */
export interface Twin {
  /** The processes of the shop and the twin, to be killed and started again. */
  readonly victims: Victims;
  /** The clients of the shop, with the twin for their checkout. */
  readonly clients: ShopClients;
  stop(): Promise<void>;
}

/** How to start a twin. */
export interface TwinOptions {
  readonly shop: Shop;
  readonly clients: ShopClients;
  readonly dataDir: string;
  readonly onLine: (line: string) => void;
}

/** Starts a second checkout on the data of the first: the two share its operations, by leases. */
export async function startTwin({ shop, clients, dataDir, onLine }: TwinOptions): Promise<Twin> {
  const env = {
    ...{ HOST: '127.0.0.1', PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'warn' },
    ...Object.fromEntries(
      serviceNames.map((name) => [`${name.toUpperCase()}_ADDRESS`, shop.service(name).address]),
    ),
  };
  let running: ServiceProcess = await startProcess('checkout', { env, onLine });
  const port = running.address.split(':').at(-1)!;
  const channel = openChannel(running.address);
  return {
    victims: {
      service: (name) => (name === 'checkout-twin' ? running : shop.service(name)),
      async restart(name) {
        if (name !== 'checkout-twin') return shop.restart(name);
        await running.kill();
        running = await startProcess('checkout', { env: { ...env, PORT: port }, onLine });
        return running;
      },
    },
    clients: {
      ...clients,
      checkout: createClient(CheckoutDefinition, channel),
      operations: createClient(OperationsDefinition, channel),
    },
    async stop() {
      channel.close();
      await running.stop();
    },
  };
}
