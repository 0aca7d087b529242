import { once } from 'node:events';
import { Any } from '@trivium/contracts/google/protobuf/any';
import { lastValueFrom, tap, toArray } from 'rxjs';
import { Code } from '../error/code.ts';
import { RpcError } from '../error/rpc-error.ts';
import type { HostInterceptor } from '../interceptor/host-interceptor.ts';
import { closeAll, openEcho, startEcho } from '../spec/echo.ts';
import { startEchoHost } from '../spec/echo-service.ts';
import { rawCall } from '../spec/raw-call.ts';
import { encodeResponse } from './encoded-response.ts';
import {
  pushResponses,
  type PushedResponses,
  type ResponseSink,
  type ResponseSource,
} from './pushed-responses.ts';

afterEach(closeAll);

const response = (typeUrl: string, bytes = 0) =>
  encodeResponse(Any, { typeUrl, value: Buffer.alloc(bytes) });

/** Responses whose pushing the test does itself. */
function pushing(
  push: (sink: ResponseSink<Any>) => Partial<ResponseSource> | void,
): PushedResponses<Any> {
  return {
    [pushResponses](sink) {
      const nothing = () => undefined;
      return { resume: nothing, drain: nothing, stop: nothing, ...push(sink) };
    },
    async *[Symbol.asyncIterator]() {
      yield response('asked for');
    },
  };
}

it('has responses pushed, and ends when it is told', async () => {
  const stopped = Promise.withResolvers<void>();
  const { client } = await startEcho({
    repeat: () =>
      pushing((sink) => {
        sink.write(response('one'));
        setImmediate(() => {
          sink.write(response('two'));
          sink.end();
        });
        return { stop: stopped.resolve };
      }),
  });
  const responses = await lastValueFrom(client.repeat({}).pipe(toArray()));
  expect(responses.map(({ typeUrl }) => typeUrl)).toEqual(['one', 'two']);
  await stopped.promise;
});

it('ends with an error, before the first response and after it', async () => {
  const error = new RpcError(Code.NOT_FOUND, 'nothing');
  const { client } = await startEcho({
    repeat: ({ typeUrl }) =>
      pushing((sink) => {
        if (typeUrl) sink.write(response('one'));
        sink.fail(error);
        expect(sink.write(response('late'))).toBe(false);
      }),
  });
  for (const typeUrl of ['', 'x']) {
    await expect(lastValueFrom(client.repeat({ typeUrl }))).rejects.toMatchObject({
      ...{ code: Code.NOT_FOUND, message: 'nothing' },
    });
  }
});

it('says when there is no room, and when there is again', async () => {
  const large = response('large', 100_000);
  let written = 0;
  const { channel } = await startEcho({
    repeat: () =>
      pushing((sink) => {
        const resume = () => {
          while (written < 100) {
            written += 1;
            if (!sink.write(large)) return;
          }
          sink.end();
        };
        resume();
        return { resume };
      }),
  });
  const stream = rawCall(channel.address, 'Repeat');
  await once(stream, 'response');
  expect(written).toBeLessThan(5);
  let receivedBytes = 0;
  stream.on('data', ({ length }: Buffer) => (receivedBytes += length));
  await once(stream, 'end');
  expect(receivedBytes).toBeGreaterThan(10_000_000);
});

it('stops what pushes when the caller leaves', async () => {
  const stopped = Promise.withResolvers<void>();
  const { client } = await startEcho({
    repeat: () =>
      pushing((sink) => {
        sink.write(response('one'));
        return { stop: stopped.resolve };
      }),
  });
  const subscription = client.repeat({}).subscribe(() => subscription.unsubscribe());
  await stopped.promise;
});

it('refuses a response above the limit', async () => {
  const handlers = { repeat: () => pushing((sink) => void sink.write(response('x', 2_000))) };
  const { client } = await startEcho(handlers, { maxMessageBytes: 1_000 });
  await expect(lastValueFrom(client.repeat({}))).rejects.toMatchObject({
    code: Code.RESOURCE_EXHAUSTED,
  });
});

it('asks for them where interceptors stand between', async () => {
  const interceptor: HostInterceptor = (next) => (requests, call) => next(requests, call);
  const handlers = { repeat: () => pushing((sink) => sink.end()) };
  const { client } = await startEcho(handlers, { interceptors: [interceptor] });
  const responses = await lastValueFrom(client.repeat({}).pipe(toArray()));
  expect(responses).toMatchObject([{ typeUrl: 'asked for' }]);
});

it('tells what pushes that the host drains, so that it ends by itself', async () => {
  const error = new RpcError(Code.UNAVAILABLE, 'go on elsewhere');
  const host = await startEchoHost({
    repeat: () =>
      pushing((sink) => {
        sink.write(response('one'));
        return { drain: () => sink.fail(error) };
      }),
  });
  const { client } = openEcho(host.address);
  const drained = Promise.withResolvers<void>();
  const failed = lastValueFrom(
    client.repeat({}).pipe(tap(() => void host.drain().then(drained.resolve))),
  );
  await expect(failed).rejects.toMatchObject({ message: 'go on elsewhere' });
  await drained.promise;
});
