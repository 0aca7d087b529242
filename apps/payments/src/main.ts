import { join } from 'node:path';
import { PaymentsDefinition } from '@trivium/contracts/shop/payments/v1/payments';
import { bind, runService } from '@trivium/rpc';
import { openDatabase } from '@trivium/sqlite';
import { telemetry } from '@trivium/telemetry';
import { config } from './config.ts';
import { errors } from './errors.ts';
import { createHandlers } from './handlers.ts';
import { auditLedger } from './ledger-imbalance.ts';
import { migrations } from './migrations.ts';
import { openBooks } from './opening-accounts.ts';
import { createPayments } from './payments.ts';

await runService({
  name: 'payments',
  config,
  extensions: [telemetry],
  start: async ({ DATA_DIR }, { log }) => {
    const db = openDatabase({ path: join(DATA_DIR, 'payments.db'), migrations, log });
    await openBooks(db);
    auditLedger(db, log);
    return {
      services: [bind(PaymentsDefinition, createHandlers(createPayments({ db })), { errors })],
      close: () => db.close(),
    };
  },
});
