import type { OperationStore } from '../../store/operation-store.ts';
import { faultyStore } from '../faulty-store.ts';
import { plantedBugs } from '../planted-bugs.ts';

/** The store with the planted bug that the environment names (`FAULT_BUG`); else the store itself. */
export function plantedIn(store: OperationStore): OperationStore {
  const { FAULT_BUG: name } = process.env;
  if (!name) return store;
  const bug = plantedBugs.find((each) => each.name === name);
  if (!bug) throw new Error(`There is no planted bug '${name}'`);
  // Around it, because a bug replaces methods, and those of a class are not its own.
  return bug.plant(faultyStore(store, () => undefined));
}
