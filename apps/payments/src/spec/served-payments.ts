import { PaymentsDefinition } from '@trivium/contracts/shop/payments/v1/payments';
import type { Client } from '@trivium/rpc';
import { serve } from '@trivium/testing';
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
  const served = await serve(PaymentsDefinition, createHandlers(shop.payments), { errors });
  return {
    shop,
    client: served.client,
    [Symbol.asyncDispose]: async () => {
      await served[Symbol.asyncDispose]();
      await shop[Symbol.asyncDispose]();
    },
  };
}
