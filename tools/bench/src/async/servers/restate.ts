import { findBinary } from './find-binary.ts';
import { freePorts } from './free-port.ts';
import type { PeerServerEntry } from './peer-server.ts';
import { spawnServer } from './spawn-server.ts';

/** A Restate server of one node as it comes, which syncs its log before it acknowledges. */
export const restate: PeerServerEntry = {
  title: 'Restate',
  missing: () =>
    restateServer() ? undefined : 'no restate-server on the PATH, nor named by RESTATE_SERVER',

  async start(folder) {
    const [ingress, admin, node] = (await freePorts(3)) as [number, number, number];
    const adminUrl = `http://127.0.0.1:${admin}`;
    const ingressUrl = `http://127.0.0.1:${ingress}`;
    const { stop } = await spawnServer({
      command: restateServer() as string,
      args: ['--no-logo', '--base-dir', folder, '--node-name', 'bench', '--listen-mode', 'tcp'],
      folder,
      env: {
        RESTATE_BIND_IP: '127.0.0.1',
        RESTATE_BIND_PORT: String(node),
        RESTATE_INGRESS__BIND_PORT: String(ingress),
        RESTATE_ADMIN__BIND_PORT: String(admin),
        RESTATE_DISABLE_TELEMETRY: 'true',
        RESTATE_SHUTDOWN_TIMEOUT: '5s',
        RESTATE_LOG_FILTER: 'warn',
      },
      probe: async () => {
        await healthy(`${adminUrl}/health`);
        await healthy(`${ingressUrl}/restate/health`);
      },
    });
    return { url: `${ingressUrl} ${adminUrl}`, stop };
  },
};

const restateServer = () => process.env['RESTATE_SERVER'] || findBinary('restate-server');

async function healthy(url: string): Promise<void> {
  const { ok, status } = await fetch(url);
  if (!ok) throw new Error(`${url} answers ${status}`);
}
