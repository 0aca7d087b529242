import { Wakeups } from './wakeups.ts';

it('counts news that came before the wait, and only those since the last one', async () => {
  const wakeups = new Wakeups();
  const wakeup = wakeups.listen('a');
  wakeups.ring('a');
  wakeups.ring('a');
  await wakeup.next();
  const next = wakeup.next();
  wakeups.ring('b');
  wakeups.ring('a');
  await next;
});

it('wakes all who listen, and none who have stopped', async () => {
  const wakeups = new Wakeups();
  const [first, second] = [wakeups.listen('a'), wakeups.listen('a')];
  first.close();
  const waits = [first, second].map((wakeup) => wakeup.next());
  let firstWoke = false;
  void waits[0]!.then(() => (firstWoke = true));
  wakeups.ring('a');
  await waits[1];
  expect(firstWoke).toBe(false);
});

it('leaves no listener on a signal that outlives the wait', async () => {
  const wakeups = new Wakeups();
  const wakeup = wakeups.listen('a');
  const { signal } = new AbortController();
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => ((listeners += 1), add(...args));
  signal.removeEventListener = (...args: Parameters<typeof remove>) => (
    (listeners -= 1),
    remove(...args)
  );
  const next = wakeup.next(signal);
  wakeups.ring('a');
  await next;
  expect(listeners).toBe(0);
});

it('rejects every wait once it is closed', async () => {
  const wakeups = new Wakeups();
  const waiting = wakeups.listen('a').next();
  wakeups.close(new Error('closed'));
  await expect(waiting).rejects.toThrow('closed');
  await expect(wakeups.listen('b').next()).rejects.toThrow('closed');
});
