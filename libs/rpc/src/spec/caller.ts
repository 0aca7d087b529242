import { createClient } from '../client/client.ts';
import { openChannel } from '../client/channel.ts';
import { RpcError } from '../error/rpc-error.ts';
import { EchoDefinition } from './echo-service.ts';

/**
 * A process that makes calls and does nothing else: `caller.ts ADDRESS CLOSES WAITS`. It says how its
 * call ended, and is gone when nothing keeps it any more.
 */
const [address = '', closes, waits] = process.argv.slice(2);
const channel = openChannel(address);
const client = createClient(EchoDefinition, channel);
const options = { waitForReady: waits === 'waits', timeoutMs: 1_000 };
client.say({ typeUrl: 'hello' }, options).then(
  ({ typeUrl }) => process.send?.(typeUrl),
  (error: unknown) => process.send?.(RpcError.from(error).code),
);
if (closes === 'closes') channel.close();
// What holds it must not be the parent that it talks to.
process.channel?.unref();
