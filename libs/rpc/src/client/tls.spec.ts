import type { IncomingHttpHeaders } from 'node:http2';
import { createSecureServer } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { credentials, Metadata } from '@grpc/grpc-js';
import { lastValueFrom } from 'rxjs';
import { Code } from '../error/code.ts';
import { certificate, privateKey } from '../spec/certificate.ts';
import { closeAll, closeLater, openEcho } from '../spec/echo.ts';
import { listenLocally, respondWith } from '../spec/http2-peer.ts';

afterEach(closeAll);

const trusting = credentials.createSsl(Buffer.from(certificate));

/** A peer that answers all calls by TLS alone, and the headers of those calls. */
async function startSecurePeer() {
  const calls: IncomingHttpHeaders[] = [];
  const serverNames: unknown[] = [];
  const server = createSecureServer({ key: privateKey, cert: certificate });
  server.on('session', (session) => {
    serverNames.push((session.socket as TLSSocket).servername);
    closeLater(() => session.destroy());
  });
  server.on('stream', (stream, headers) => {
    calls.push(headers);
    respondWith(stream, Buffer.alloc(0));
  });
  // A client that does not trust it goes away in the middle of the handshake.
  server.on('tlsClientError', () => {});
  const address = await listenLocally(server);
  return { address: address.replace('127.0.0.1', 'localhost'), calls, serverNames };
}

it('makes calls of all kinds to a peer that it trusts', async () => {
  const { address, calls, serverNames } = await startSecurePeer();
  const { client } = openEcho(address, { credentials: trusting });
  await client.say({});
  await lastValueFrom(client.repeat({}));
  expect(serverNames).toEqual(['localhost']);
  expect(calls).toMatchObject([
    { ':scheme': 'https', ':authority': address },
    { ':scheme': 'https', ':authority': address },
  ]);
});

it('makes none to a peer that it does not trust', async () => {
  const { address, calls } = await startSecurePeer();
  const { client } = openEcho(address, { credentials: credentials.createSsl() });
  await expect(client.say({})).rejects.toMatchObject({
    code: Code.UNAVAILABLE,
    message: expect.stringMatching(/^No connection to localhost:\d+: .*self-signed certificate/),
  });
  expect(calls).toEqual([]);
});

it('makes none to a peer that does not speak TLS, nor the other way round', async () => {
  const { address } = await startSecurePeer();
  await expect(openEcho(address).client.say({})).rejects.toMatchObject({ code: Code.UNAVAILABLE });
});

it('signs each call with the credentials of the channel', async () => {
  const { address, calls } = await startSecurePeer();
  const urls: unknown[] = [];
  const token = credentials.createFromMetadataGenerator(({ service_url: url }, done) => {
    urls.push(url);
    const metadata = new Metadata();
    metadata.set('authorization', `token ${urls.length}`);
    done(null, metadata);
  });
  const signing = credentials.combineChannelCredentials(trusting, token);
  const { client } = openEcho(address, { credentials: signing });
  await client.say({}, { metadata: { 'x-tenant': 'acme' } });
  await lastValueFrom(client.repeat({}));
  expect(calls).toMatchObject([
    { authorization: 'token 1', 'x-tenant': 'acme' },
    { authorization: 'token 2' },
  ]);
  expect(urls).toEqual(Array(2).fill(`https://${address}/spec.v1.Echo`));
});

it('makes no call that it cannot sign', async () => {
  const { address, calls } = await startSecurePeer();
  const token = credentials.createFromMetadataGenerator((_options, done) =>
    done(new Error('no key')),
  );
  const signing = credentials.combineChannelCredentials(trusting, token);
  const { client } = openEcho(address, { credentials: signing });
  await expect(client.say({})).rejects.toMatchObject({
    code: Code.UNAUTHENTICATED,
    message: expect.stringContaining('no key'),
  });
  expect(calls).toEqual([]);
});
