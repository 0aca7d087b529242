import { createOperations, openOperationStore } from '@trivium/async';
import type { Operations, OperationsOptions, Work } from '@trivium/async';
import { createLogger } from '@trivium/rpc';

/** Our engine, on its store in a file. */
export interface BenchEngine {
  readonly operations: Operations;
  close(): Promise<void>;
}

/** Opens the engine as a service does; what was left unfinished goes on with `operations.resume()`. */
export async function openEngine(
  path: string,
  kinds: Readonly<Record<string, Work>>,
  options: Pick<OperationsOptions<string>, 'maxRunning'> = {},
): Promise<BenchEngine> {
  const log = createLogger({ name: 'bench', level: 'error' });
  const store = await openOperationStore({ path });
  const operations = createOperations({ ...options, store, log, kinds });
  return {
    operations,
    async close() {
      await operations.close();
      await store.close();
    },
  };
}
