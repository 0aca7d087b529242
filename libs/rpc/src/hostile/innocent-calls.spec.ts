import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Subject } from 'rxjs';
import { codeName } from '../error/code.ts';
import type { RpcError } from '../error/rpc-error.ts';
import { createFixedLimit } from '../host/overload/fixed-limit.ts';
import { closeAll, startEcho } from '../spec/echo.ts';

afterEach(closeAll);

/** Three times the resets that Node.js by itself allows a connection, at fifteen times their rate. */
const DOOMED_CALLS = 3_000;
const BATCH = 50;
const BATCHES_PER_SECOND = 10;

it('keeps innocent calls apart from 500 a second that are cancelled or expire, on one channel', async () => {
  const { client } = await startEcho(
    {
      async say(request, { signal }) {
        if (request.typeUrl === 'doomed') await once(signal, 'abort');
        return request;
      },
    },
    // Both ends share a process here, and what keeps it busy is no overload of the host.
    { concurrencyLimit: createFixedLimit(Infinity) },
  );

  const questions = new Subject<{ typeUrl: string }>();
  const answers: string[] = [];
  const stream = new Promise<void>((resolve, reject) => {
    client.converse(questions).subscribe({
      next: ({ typeUrl }) => answers.push(typeUrl),
      error: reject,
      complete: resolve,
    });
  });
  stream.catch(() => {});
  const outcomes = new Map<string, number>();
  const doomed: Promise<void>[] = [];

  for (let sent = 0; sent < DOOMED_CALLS; sent += BATCH) {
    const paced = pause(1_000 / BATCHES_PER_SECOND);
    const controller = new AbortController();
    for (let index = 0; index < BATCH; index += 1) {
      const options = index % 2 ? { timeoutMs: 40 } : { signal: controller.signal };
      doomed.push(
        client.say({ typeUrl: 'doomed' }, options).then(
          () => count('OK'),
          ({ code }: RpcError) => count(codeName(code)),
        ),
      );
    }
    questions.next({ typeUrl: String(sent) });
    const innocent = Array.from({ length: 5 }, () => client.say({ typeUrl: 'innocent' }));
    expect((await Promise.all(innocent)).map(({ typeUrl }) => typeUrl)).toEqual(
      Array(5).fill('innocent'),
    );
    await paced;
    controller.abort();
  }
  await Promise.all(doomed);
  questions.complete();
  await stream;

  expect(answers).toHaveLength(DOOMED_CALLS / BATCH);
  expect(Object.fromEntries(outcomes)).toEqual({
    CANCELLED: DOOMED_CALLS / 2,
    DEADLINE_EXCEEDED: DOOMED_CALLS / 2,
  });

  function count(code: string): void {
    outcomes.set(code, (outcomes.get(code) ?? 0) + 1);
  }
});
