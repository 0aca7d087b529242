import { NEVER } from 'rxjs';
import type { CallContext } from '../call/call-context.ts';
import { Code } from '../error/code.ts';
import { closeAll, startEcho } from '../spec/echo.ts';

afterEach(closeAll);

it.each(['in the tick that makes it', 'a microtask later'])(
  'ends a call of any kind on the server too when it is cancelled %s',
  async (when) => {
    const kinds = ['say', 'repeat', 'collect', 'converse'] as const;
    const reached = new Map(kinds.map((kind) => [kind, Promise.withResolvers<CallContext>()]));
    const serve = (kind: (typeof kinds)[number]) => (_request: unknown, call: CallContext) => {
      reached.get(kind)!.resolve(call);
      return new Promise<never>((_resolve, reject) => {
        call.signal.addEventListener('abort', () => reject(call.signal.reason));
      });
    };
    const { client } = await startEcho({
      say: (request, call) =>
        request.typeUrl ? Promise.resolve(request) : serve('say')(request, call),
      collect: serve('collect'),
      async *repeat(request, call) {
        yield await serve('repeat')(request, call);
      },
      async *converse(requests, call) {
        yield await serve('converse')(requests, call);
      },
    });
    await client.say({ typeUrl: 'connect' });

    for (const kind of kinds) {
      const controller = new AbortController();
      const { signal } = controller;
      const ended = new Promise<void>((resolve) => {
        const end = () => resolve();
        if (kind === 'say') client.say({}, { signal }).catch(end);
        else if (kind === 'collect') client.collect(NEVER, { signal }).catch(end);
        else if (kind === 'repeat') client.repeat({}, { signal }).subscribe({ error: end });
        else client.converse(NEVER, { signal }).subscribe({ error: end });
      });
      if (when !== 'in the tick that makes it') await null;
      controller.abort();
      await ended;
      const { promise } = reached.get(kind)!;
      // Cancelled so early, it may never reach the server; if it does, it does not stay there.
      const call = await Promise.race([promise, client.say({ typeUrl: 'after' })]);
      if (!('signal' in call)) continue;
      if (!call.signal.aborted) {
        await new Promise((resolve) => call.signal.addEventListener('abort', resolve));
      }
      expect(call.signal.reason).toMatchObject({ code: Code.CANCELLED });
    }
  },
);
