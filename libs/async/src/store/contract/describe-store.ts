import { describeHistories } from './histories.ts';
import { describeKeeping } from './keeping.ts';
import { describeLeases } from './leases.ts';
import { describeRecording } from './recording.ts';
import { StoreSpec } from './store-spec.ts';
import type { OpenStore } from './store-spec.ts';

/** What every store of operations promises: the contract of `OperationStore`, as specs. */
export function describeStore(name: string, open: OpenStore): void {
  describe(name, () => {
    const spec = new StoreSpec(open);
    describeRecording(spec);
    describeLeases(spec);
    describeKeeping(spec);
    describeHistories(spec);
  });
}
