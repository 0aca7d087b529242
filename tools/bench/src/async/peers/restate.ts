import { once } from 'node:events';
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { createEndpointHandler, service } from '@restatedev/restate-sdk';
import type { Context } from '@restatedev/restate-sdk';
import { connect } from '@restatedev/restate-sdk-clients';
import type { DurablePeer } from '../durable-peer.ts';

/** Long enough for what was handed in to be done, at some hundred a second. */
const SETTLE_MS = 200;

/**
 * Restate, its handler in the same process. What is handed in, it starts at once: nothing in it could
 * hold back the work and still have accepted it.
 */
export async function open(urls: string): Promise<DurablePeer> {
  const [ingressUrl, adminUrl] = urls.split(' ') as [string, string];
  let done = 0;
  const worked = service({
    name: 'worked',
    handlers: { empty: async (_: Context) => void done++ },
  });
  const endpoint = createServer(
    createEndpointHandler({ services: [worked], logger: () => undefined }),
  );
  await once(endpoint.listen(0, '127.0.0.1'), 'listening');
  const { port } = endpoint.address() as AddressInfo;
  const registered = await fetch(`${adminUrl}/deployments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ uri: `http://127.0.0.1:${port}`, force: true }),
  });
  if (!registered.ok) throw new Error(`Restate does not register: ${await registered.text()}`);
  const ingress = connect({ url: ingressUrl });
  const [caller, sender] = [ingress.serviceClient(worked), ingress.serviceSendClient(worked)];
  return {
    start: async () => (await sender.empty()).invocationId,
    async finish() {
      await caller.empty();
      return '';
    },
    async settle() {
      for (let before = -1; before !== done;) {
        before = done;
        await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      }
    },
    async close() {
      endpoint.close();
    },
  };
}
