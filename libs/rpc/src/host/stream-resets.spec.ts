import { openEchoClient, type EchoClient } from '../spec/echo-client.ts';
import { startEchoHost, type EchoHost } from '../spec/echo-service.ts';

/** Three times what Node.js takes from one connection by default. */
const CANCELLATIONS = 3_000;

let host: EchoHost;
let client: EchoClient;

afterEach(async () => {
  client.close();
  await host.drain({ force: true });
});

it('keeps a connection, and the innocent calls on it, when thousands of calls are cancelled', async () => {
  const arrived: (() => void)[] = [];
  host = await startEchoHost({
    say: (_request, { signal }) => {
      arrived.shift()?.();
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve({})));
    },
  });
  client = openEchoClient(host.address);
  const innocent = client.converse();
  innocent.write({ typeUrl: 'before', value: Buffer.alloc(0) });
  const answers = innocent[Symbol.asyncIterator]();
  await answers.next();

  for (let left = CANCELLATIONS; left > 0; left -= 100) {
    const batch = Array.from({ length: 100 }, () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      arrived.push(resolve);
      return { ...client.say({}), promise };
    });
    for (const { call, promise } of batch) {
      await promise;
      call.cancel();
    }
  }

  innocent.write({ typeUrl: 'after', value: Buffer.alloc(0) });
  expect((await answers.next()).value).toMatchObject({ typeUrl: 'after' });
  innocent.end();
});
