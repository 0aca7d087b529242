import { z } from 'zod';
import { defineConfig, serviceVariables } from '../service/config.ts';
import { runService } from '../service/run-service.ts';
import { bindEcho } from './echo-service.ts';

/** A service that specs run as a process of its own; FAULT makes it fail in one way or another. */
const config = defineConfig({
  ...serviceVariables({ port: 0 }),
  FAULT: z.string().optional().describe('What goes wrong'),
  LIMIT: z.string().regex(/^\d+$/, 'must be a number').default('1').describe('A number'),
});

class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
}

await runService({
  name: 'echo',
  config,
  start: ({ FAULT }, { log }) => {
    if (FAULT === 'database') throw new DatabaseUnavailable('the data folder\ncannot be written');
    if (FAULT === 'bug') throw new TypeError('undefined is not a function');
    const services = [
      bindEcho({
        say: async (request) => {
          switch (request.typeUrl) {
            case 'hang':
              log.info('hanging');
              return new Promise<never>(() => undefined);
            case 'reject':
              void Promise.reject(new Error('nobody handles me'));
              return request;
            case 'throw':
              setTimeout(() => {
                throw new Error('nobody catches me');
              });
              return request;
            default:
              return request;
          }
        },
      }),
    ];
    return {
      services,
      close() {
        log.info('closed');
        if (FAULT === 'close') throw new Error('cannot let go');
      },
    };
  },
});
