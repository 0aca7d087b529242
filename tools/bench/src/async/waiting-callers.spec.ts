import { WaitingCallers } from './waiting-callers.ts';

it('lets go whoever waits for a key, and nobody else', async () => {
  const callers = new WaitingCallers();
  const [first, second] = [callers.enter(), callers.enter()];
  const order: string[] = [];
  const noted = [
    first.released.then(() => order.push('first')),
    second.released.then(() => order.push('second')),
  ];
  callers.release('nobody');
  callers.release(second.key);
  await noted[1];
  callers.release(first.key);
  await Promise.all(noted);
  expect(order).toEqual(['second', 'first']);
});
