import type { ServerName } from './peers.ts';
import { startGrpcJsServer } from './servers/grpc-js-server.ts';
import { startHttp2Server } from './servers/http2-server.ts';

/** One server: `server-process.ts NAME`; tells its port over IPC, and ends with its parent. */
const servers: Record<ServerName, () => Promise<number>> = {
  'grpc-js': startGrpcJsServer,
  http2: startHttp2Server,
};
process.on('disconnect', () => process.exit());
process.send?.(await servers[process.argv[2] as ServerName]());
