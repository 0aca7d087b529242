import { lastValueFrom } from 'rxjs';
import { closeAll, startEcho } from '../spec/echo.ts';
import { EchoDefinition } from '../spec/echo-service.ts';
import { createClient } from './client.ts';
import type { GrpcCall } from './connection.ts';

afterEach(closeAll);

/** What of a call listens to its stream, in this version of grpc-js. */
function onStream(call: GrpcCall | undefined) {
  type Layers = {
    child: {
      underlyingCalls: { call: { child: { listener: object; decoder: object } } }[];
    };
  };
  return (call as unknown as Layers).child.underlyingCalls[0]!.call.child;
}

it('leaves a stream neither listener nor bytes of the call that it carried', async () => {
  const { channel } = await startEcho();
  const calls: GrpcCall[] = [];
  const watched: typeof channel = {
    ...channel,
    createCall(path, deadline) {
      const call = channel.createCall(path, deadline);
      calls.push(call);
      return call;
    },
  };
  const client = createClient(EchoDefinition, watched);
  await client.say({ typeUrl: 'one' });
  await lastValueFrom(client.repeat({ typeUrl: '3' }));
  const { listener, decoder } = onStream(calls[0]);
  expect(decoder).not.toHaveProperty('readPartialMessage');
  expect(onStream(calls[1])).toMatchObject({ listener, decoder });
});

it('knows how this version of grpc-js keeps its calls', async () => {
  const { channel } = await startEcho();
  let open: GrpcCall | undefined;
  const watched: typeof channel = {
    ...channel,
    createCall: (path, deadline) => (open = channel.createCall(path, deadline)),
  };
  const responses = createClient(EchoDefinition, watched).repeat({ typeUrl: '1000' });
  const subscription = await new Promise<{ unsubscribe(): void }>((resolve) => {
    const subscribed = responses.subscribe(() => resolve(subscribed));
  });
  expect(onStream(open).decoder).toHaveProperty('readPartialMessage');
  expect(onStream(open).decoder).toHaveProperty('readState');
  subscription.unsubscribe();
});
