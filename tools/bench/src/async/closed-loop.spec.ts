import { closedLoop } from './closed-loop.ts';

it('calls with a new request id each time, and times every call', async () => {
  const requestIds = new Set<string>();
  const { calls, latenciesMs } = await closedLoop(
    async (requestId) => void requestIds.add(requestId),
    { callers: 3, durationMs: 5 },
  );
  expect(calls).toBeGreaterThanOrEqual(3);
  expect([requestIds.size, latenciesMs.length]).toEqual([calls, calls]);
});

it('lets each caller call once however short it lasts, and fails with the call that fails', async () => {
  const once = await closedLoop(async () => {}, { callers: 2, durationMs: 0.001, pauseMs: 1 });
  expect(once.calls).toBe(2);
  const failing = closedLoop(() => Promise.reject(new Error('no disk')), {
    callers: 2,
    durationMs: 5,
  });
  await expect(failing).rejects.toThrow('no disk');
});
