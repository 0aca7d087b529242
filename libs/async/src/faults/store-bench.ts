import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OperationStore } from '../store/operation-store.ts';
import { openOperationStore } from '../store/sqlite/open-operation-store.ts';
import { faultyStore } from './faulty-store.ts';
import type { StorePoint } from './store-points.ts';

/** Makes a store wrong in one way; see `plantedBugs`. */
export type Plant = (store: OperationStore) => OperationStore;

/** One file, opened as often as a check wants, with a clock and gates that the check turns. */
export interface StoreBench extends AsyncDisposable {
  readonly path: string;
  /** Opens the file once more, as another process would. */
  open(): Promise<OperationStore>;
  /** Lets time go by. */
  pass(ms: number): void;
  /** Makes calls wait at a point until the function that it returns is called. */
  hold(point: StorePoint): () => void;
}

/** Creates a bench. The bug, if there is one, sits between the check and the gates. */
export function createStoreBench(plant: Plant = (store) => store): StoreBench {
  const folder = mkdtempSync(join(tmpdir(), 'trivium-faults-'));
  const path = join(folder, 'operations.db');
  const stores: OperationStore[] = [];
  const gates = new Map<StorePoint, PromiseWithResolvers<void>>();
  let passedMs = 0;
  const clock = (): number => 1_000_000 + passedMs;
  return {
    path,
    async open() {
      const store = await openOperationStore({ path, clock });
      stores.push(store);
      return plant(faultyStore(store, (point) => gates.get(point)?.promise));
    },
    pass(ms) {
      passedMs += ms;
    },
    hold(point) {
      const gate = Promise.withResolvers<void>();
      gates.set(point, gate);
      return () => {
        gates.delete(point);
        gate.resolve();
      };
    },
    async [Symbol.asyncDispose]() {
      for (const gate of gates.values()) gate.resolve();
      await Promise.all(stores.map((store) => store.close()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
