/** A process for specs: `node accept-one.ts <path>` accepts and ends an operation in the store at that path. */
import { openOperationStore } from '../../store/sqlite/open-operation-store.ts';

const store = await openOperationStore({ path: process.argv[2] ?? '' }).catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
const owner = 'accept-one';
await store.renew({ owner, leaseMs: 60_000 });
const event = { kind: 'ACCEPTED', description: '' };
const acceptance = await store.accept(
  { id: 'o', kind: 'work', requestId: 'r', request: Buffer.from('body'), event },
  { owner },
);
if (acceptance.kind !== 'accepted' || !acceptance.lease) throw new Error(acceptance.kind);
await store.record(acceptance.lease, {
  end: { kind: 'SUCCEEDED', description: '', response: Buffer.from('done') },
});
await store.close();
