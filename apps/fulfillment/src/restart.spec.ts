import { ErrorInfo } from '@trivium/contracts/google/rpc/error_details';
import { Code, findDetail } from '@trivium/rpc';
import { anOrder, sequences, serveFulfillment, watch } from './spec/served-fulfillment.ts';
import { closeStageGates } from './spec/stage-gates.ts';
import { temporaryFolder } from './spec/temporary-folder.ts';

it.each([1, 2, 3, 4])('goes on after a restart at event %i, without a gap', async (last) => {
  using temporary = temporaryFolder();
  const { folder } = temporary;
  const before = closeStageGates();
  await using first = await serveFulfillment({ folder, delay: before.delay });
  const interrupted = watch(first.client, anOrder());
  before.open(last - 1);
  await interrupted.sees(last);
  await first.stop();

  const error = (await interrupted.ended)!;
  expect(error.code).toBe(Code.UNAVAILABLE);
  expect(findDetail(error, ErrorInfo)).toMatchObject({ reason: 'DRAINING' });
  expect(sequences(interrupted)).toEqual([1, 2, 3, 4].slice(0, last));

  const waited: number[] = [];
  const delay = async (ms: number): Promise<void> => void waited.push(ms);
  await using second = await serveFulfillment({ folder, delay });
  const resumed = watch(second.client, anOrder({ afterSequence: BigInt(last) }));
  expect(await resumed.ended).toBeUndefined();
  expect(sequences(resumed)).toEqual([1, 2, 3, 4, 5].slice(last));
  // Only the stages that were not recorded took their time again.
  expect(waited).toEqual([1, 2, 3, 4].slice(last - 1));
  const { shipment } = await second.client.getShipment({ orderId: 'order-1' });
  expect(shipment?.events).toEqual([...interrupted.seen, ...resumed.seen]);
});

it('keeps its numbers through several restarts', async () => {
  using temporary = temporaryFolder();
  const { folder } = temporary;
  const seen: number[] = [];
  for (const last of [1, 2, 3, 4]) {
    const gates = closeStageGates();
    await using served = await serveFulfillment({ folder, delay: gates.delay });
    const part = watch(served.client, anOrder({ afterSequence: BigInt(seen.length) }));
    gates.open(last - 1);
    await part.sees(last);
    await served.stop();
    seen.push(...sequences(part));
  }
  expect(seen).toEqual([1, 2, 3, 4]);
});
