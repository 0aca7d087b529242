import { createOperationsClient } from '../../index.ts';
import { openChannel } from '@trivium/rpc';

const channel = openChannel(process.env['ADDRESS'] ?? '127.0.0.1:50056');
const operations = createOperationsClient(channel);

const handle = operations.handle(process.argv[2] ?? ''); // makes no call
handle.events({ after: 0 }).subscribe({
  next: ({ sequence, description }) => console.log(`${sequence} ${description}`),
  complete: () => channel.close(),
});
const response = await handle.result(); // rejects with the operation's own RpcError
console.log(response.typeUrl);
