import { constants } from 'node:http2';
import { Code } from '../error/code.ts';
import { closeAll, openEcho } from '../spec/echo.ts';
import { respondWith, startHttp2Peer } from '../spec/http2-peer.ts';

afterEach(closeAll);

it('sends a call again that the server refused without looking at it, as one that drains does', async () => {
  let calls = 0;
  const peer = await startHttp2Peer((stream) => {
    calls += 1;
    if (calls === 1) stream.close(constants.NGHTTP2_REFUSED_STREAM);
    else respondWith(stream, Buffer.alloc(0));
  });
  await openEcho(peer).client.say({});
  expect(calls).toBe(2);
});

it('sends no call again that the server may have begun to serve', async () => {
  let calls = 0;
  const peer = await startHttp2Peer((stream) => {
    calls += 1;
    stream.respond({ ':status': 503 }, { endStream: true });
  });
  await expect(openEcho(peer).client.say({})).rejects.toMatchObject({ code: Code.UNAVAILABLE });
  expect(calls).toBe(1);
});
