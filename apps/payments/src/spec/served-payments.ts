import { PaymentsDefinition } from '@trivium/contracts/shop/payments/v1/payments';
import { bind, createClient, createLogger, openChannel, RpcError, startHost } from '@trivium/rpc';
import type { Client } from '@trivium/rpc';
import { errors } from '../errors.ts';
import { createHandlers } from '../handlers.ts';
import { openTemporaryPayments } from './temporary-payments.ts';
import type { TemporaryPayments } from './temporary-payments.ts';

/** Temporary payments behind a host of their own, and a client of it. */
export interface ServedPayments extends AsyncDisposable {
  readonly shop: TemporaryPayments;
  readonly client: Client<PaymentsDefinition>;
}

/** Serves payments with the accounts that a new service starts with at any free port. */
export async function servePayments(): Promise<ServedPayments> {
  const shop = await openTemporaryPayments();
  const host = await startHost({
    address: '127.0.0.1:0',
    services: [bind(PaymentsDefinition, createHandlers(shop.payments), { errors })],
    log: createLogger({ name: 'payments', level: 'silent' }),
  });
  const channel = openChannel(host.address);
  return {
    shop,
    client: createClient(PaymentsDefinition, channel),
    [Symbol.asyncDispose]: async () => {
      channel.close();
      await host.drain();
      await shop[Symbol.asyncDispose]();
    },
  };
}

/** The error that a call fails with. Throws if it does not fail. */
export async function failureOf(call: Promise<unknown>): Promise<RpcError> {
  return call.then(
    () => {
      throw new Error('the call should have failed');
    },
    (error: unknown) => RpcError.from(error),
  );
}
