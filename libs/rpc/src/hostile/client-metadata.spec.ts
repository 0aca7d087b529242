import { Metadata } from '@grpc/grpc-js';
import { Code } from '../error/code.ts';
import { closeAll, startEcho } from '../spec/echo.ts';

afterEach(closeAll);

const KIB = 1024;

it.each([8, 60])('sends %i KiB of metadata', async (sizeKib) => {
  const sizes: number[] = [];
  const { client } = await startEcho({
    say: async (request, { metadata }) => {
      sizes.push(String(metadata.get('x-large')[0]).length);
      return request;
    },
  });
  await client.say({}, { metadata: { 'x-large': 'ab9-'.repeat((sizeKib * KIB) / 4) } });
  expect(sizes).toEqual([sizeKib * KIB]);
});

it('refuses to send 500 KiB of metadata, which would break the connection of other calls', async () => {
  const arrived = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const { client } = await startEcho({
    say: async (request) => {
      arrived.resolve();
      await release.promise;
      return request;
    },
  });
  const innocent = client.say({ typeUrl: 'innocent' });
  await arrived.promise;

  const binary = new Metadata();
  binary.set('x-bin', Buffer.alloc(400 * KIB));
  const text = { 'x-large': 'a'.repeat(500 * KIB) };
  const many = Object.fromEntries(
    Array.from({ length: 500 }, (_, index) => [`x-${index}`, 'a'.repeat(KIB)]),
  );
  for (const metadata of [text, many, binary]) {
    await expect(client.say({}, { metadata })).rejects.toMatchObject({
      code: Code.RESOURCE_EXHAUSTED,
      message: expect.stringMatching(/^The metadata has \d{6} bytes; the limit is 65536$/),
    });
  }

  release.resolve();
  await expect(innocent).resolves.toMatchObject({ typeUrl: 'innocent' });
});
