import { Code } from '@trivium/rpc';
import { type Scene, serveScript } from '../spec/scripted-checkout.ts';
import { watchToEnd } from './watch.ts';

async function watch(scenes: readonly Scene[], more: { leaveAfter?: number } = {}) {
  await using checkout = await serveScript(scenes);
  const { signal } = new AbortController();
  const { events, violations, connections } = await watchToEnd({
    ...{ checkout: checkout.client, orderId: 'o', signal },
    ...more,
  });
  const sequences = events.map(({ sequence }) => Number(sequence));
  return { sequences, violations, connections, cursors: checkout.cursors };
}

it('sees 1 to n, and is content', async () => {
  const seen = await watch([{ events: [1, 2, { end: 3 }] }]);
  expect(seen).toMatchObject({ sequences: [1, 2, 3], violations: [], connections: 1 });
});

it('goes on after a disconnect from the last sequence that it saw', async () => {
  const seen = await watch([
    { events: [1, 2], status: Code.UNAVAILABLE },
    { events: [], status: Code.UNAVAILABLE },
    { events: [3, { end: 4 }] },
  ]);
  expect(seen).toMatchObject({ sequences: [1, 2, 3, 4], violations: [], cursors: [0, 2, 2] });
});

it('leaves and comes back when it is told to', async () => {
  const events = [1, 2, 3, { end: 4 }];
  const seen = await watch([{ events }, { events: events.slice(2) }, { events: [] }], {
    leaveAfter: 2,
  });
  expect(seen).toMatchObject({ sequences: [1, 2, 3, 4], violations: [] });
  expect(seen.cursors).toEqual([0, 2]);
});

it.each([
  ['a gap', [1, 3, { end: 4 }], 'event 3 (PRICED) where 2 was due'],
  ['a repeat', [1, 1, { end: 2 }], 'event 1 (PRICED) where 2 was due'],
  ['another order', [2, 1, { end: 3 }], 'event 2 (PRICED) where 1 was due'],
  ['something after the last event', [{ end: 1 }, 2], 'event 2 (PRICED) after the last one'],
  ['a second last event', [{ end: 1 }, { end: 2 }], 'event 2 (COMPLETED) after the last one'],
])('finds %s', async (_, events, violation) => {
  const { violations } = await watch([{ events }]);
  expect(violations).toContain(`o: ${violation}`);
});

it('finds a stream that ends well before the last event', async () => {
  const { violations } = await watch([{ events: [1] }]);
  expect(violations).toEqual(['o: its stream ended well before its last event']);
});

it('finds an order that is gone', async () => {
  const { violations } = await watch([{ events: [1], status: Code.NOT_FOUND }]);
  expect(violations).toEqual(['o: refused with NOT_FOUND: as the script has it']);
});
