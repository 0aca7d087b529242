import { servers } from './servers.ts';
import type { ServerName } from './servers.ts';

/**
 * Stands between the bench and a server: `server-process.ts NAME FOLDER`. Tells its address over IPC,
 * and ends the server when the bench is gone, however it went.
 */
const [name, folder = ''] = process.argv.slice(2);
const server = await servers[name as ServerName].start(folder);

process.on('disconnect', () => {
  server.stop().then(
    () => process.exit(),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.send?.(server.url);
