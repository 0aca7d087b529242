import { join } from 'node:path';
import { operationServices } from '@trivium/async';
import type { RunningOperation } from '@trivium/async';
import { createLogger, startHost } from '@trivium/rpc';
import { openEngine } from '../engine.ts';
import { answerService } from './answer-service.ts';
import { WATCHED_ID, description, payload } from './watch-messages.ts';

/** Ours, with one operation that tells what it is told to: `trivium-service.ts FOLDER`. */
const [folder = ''] = process.argv.slice(2);
const running = Promise.withResolvers<RunningOperation>();
const { operations } = await openEngine(join(folder, 'operations.db'), {
  told: (operation) => {
    running.resolve(operation);
    return new Promise(() => {});
  },
});
const request = Buffer.from('{}');
await operations.start({ kind: 'told', requestId: 'watched', request, id: WATCHED_ID });
const operation = await running.promise;

const { address } = await startHost({
  address: '127.0.0.1:0',
  log: createLogger({ name: 'bench', level: 'silent' }),
  services: operationServices(operations),
});
answerService(address, () => operation.emit({ kind: 'TOLD', description, payload }));
