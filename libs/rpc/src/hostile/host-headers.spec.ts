import { randomBytes } from 'node:crypto';
import { closeAll } from '../spec/echo.ts';
import { startEchoHost, type EchoHost } from '../spec/echo-service.ts';
import {
  makeGoodCall,
  messageFrame,
  openSession,
  openStream,
  outcomeOf,
  send,
  type RawRequest,
} from './raw-request.ts';

let host: EchoHost;

beforeEach(async () => {
  host = await startEchoHost();
});

afterEach(async () => {
  await makeGoodCall(host.address);
  await closeAll();
  await host.drain({ force: true });
});

/** Text that no compression of headers makes shorter than it is. */
function text(sizeKib: number): string {
  return randomBytes(sizeKib * 768).toString('base64');
}

it.each([8, 60])('serves a call with %i KiB of metadata', async (sizeKib) => {
  expect(await send(host.address, { headers: { 'x-large': text(sizeKib) } })).toBe('OK');
});

const tooLarge: readonly (readonly [string, RawRequest['headers']])[] = [
  ['one value', { 'x-large': text(500) }],
  ['many values', Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`x-${i}`, text(5)]))],
];

it.each(tooLarge)('closes a connection with 500 KiB of metadata in %s', async (_name, headers) => {
  const session = openSession(host.address);
  const closed = new Promise<void>((resolve) => session.once('close', resolve));
  expect(await outcomeOf(openStream(session, { headers }))).toMatch(/^reset/);
  await closed;
});

it('resets a call with a thousand values in its metadata, and no other on its connection', async () => {
  const session = openSession(host.address);
  const innocent = openStream(session);
  const outcome = outcomeOf(innocent);
  const headers = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`x-${i}`, 'v']));
  expect(await outcomeOf(openStream(session, { headers }))).toBe('reset 11'); // ENHANCE_YOUR_CALM
  innocent.end(messageFrame(Buffer.alloc(0)));
  expect(await outcome).toBe('OK');
});

const oddities: readonly (readonly [string, RawRequest['headers'], string])[] = [
  ['no content-type', { 'content-type': undefined }, 'HTTP 415'],
  ['the content-type of JSON', { 'content-type': 'application/json' }, 'HTTP 415'],
  ['GET', { ':method': 'GET' }, 'HTTP 405'],
  ['OPTIONS', { ':method': 'OPTIONS' }, 'HTTP 405'],
  [
    'CONNECT',
    { ':method': 'CONNECT', ':path': undefined, ':scheme': undefined, ':authority': 'peer' },
    'HTTP 405',
  ],
  ['an unknown path', { ':path': '/nowhere' }, 'UNIMPLEMENTED'],
  ['the path of a property', { ':path': '/spec.v1.Echo/__proto__' }, 'UNIMPLEMENTED'],
  ['a path that cannot be decoded', { ':path': '/%E0%A4%A' }, 'UNIMPLEMENTED'],
  ['a path of 10 KB', { ':path': `/${'x'.repeat(10_000)}` }, 'UNIMPLEMENTED'],
  ['a path that is none', { ':path': 'spec.v1.Echo/Say' }, 'reset 1'],
  ['no te', { te: undefined }, 'OK'],
  ['metadata that is no base64', { 'x-bin': '!!!' }, 'OK'],
  ['metadata named __proto__', { ['__proto__']: 'polluted' }, 'OK'],
];

it.each(oddities)('answers a request with %s', async (_name, headers, outcome) => {
  expect(await send(host.address, { headers })).toBe(outcome);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});
