import { Any } from '@trivium/contracts/google/protobuf/any';
import { lastValueFrom, toArray } from 'rxjs';
import { Code } from '../error/code.ts';
import { closeAll, startEcho } from '../spec/echo.ts';
import { encodeResponse } from './encoded-response.ts';

afterEach(closeAll);

it('sends a response that was encoded once to many calls, among others', async () => {
  const shared = encodeResponse(Any, { typeUrl: 'shared' });
  const { client } = await startEcho({
    async *repeat() {
      yield shared;
      yield { typeUrl: 'own' };
      yield shared;
    },
  });
  const streams = [1, 2, 3].map(() => lastValueFrom(client.repeat({}).pipe(toArray())));
  for (const responses of await Promise.all(streams)) {
    expect(responses.map(({ typeUrl }) => typeUrl)).toEqual(['shared', 'own', 'shared']);
  }
});

it('refuses one that is above the limit', async () => {
  const large = encodeResponse(Any, { value: Buffer.alloc(2_000) });
  const handlers = {
    repeat: async function* () {
      yield large;
    },
  };
  const { client } = await startEcho(handlers, { maxMessageBytes: 1_000 });
  await expect(lastValueFrom(client.repeat({}))).rejects.toMatchObject({
    code: Code.RESOURCE_EXHAUSTED,
  });
});
