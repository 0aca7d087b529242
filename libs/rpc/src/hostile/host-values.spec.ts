import { CallRequest } from '@trivium/contracts/trivium/calls/v1/calls';
import { bind } from '../host/bind.ts';
import { closeAll } from '../spec/echo.ts';
import { EchoDefinition, startEchoHost, type EchoHost } from '../spec/echo-service.ts';
import {
  field,
  nestedGroups,
  nestedList,
  nestedStruct,
  structOf,
  structValue,
} from './nested-bytes.ts';
import { messageFrame, send } from './raw-request.ts';

/** A service whose requests hold JSON, and so whatever a caller likes. */
const JsonDefinition = {
  ...EchoDefinition,
  methods: { say: { ...EchoDefinition.methods.say, requestType: CallRequest } },
};

const JSON_BYTES = 2;
let host: EchoHost;
let received: Record<string, unknown>[];

beforeEach(async () => {
  received = [];
  const service = bind(JsonDefinition, {
    say: async ({ call }) => {
      received.push(call?.request ?? {});
      return {};
    },
  });
  host = await startEchoHost({}, { services: [service] });
});

afterEach(async () => {
  expect(await sendJson(structOf('text', field(3, 'good')))).toBe('OK');
  expect(received.at(-1)).toEqual({ text: 'good' });
  await closeAll();
  await host.drain({ force: true });
});

/** Calls a method by its name, with this as its request. */
function sendJson(struct: Uint8Array, ...more: readonly Uint8Array[]): Promise<string> {
  const call = Buffer.concat([field(1, 'spec.v1.Echo/Say'), field(JSON_BYTES, struct)]);
  return send(host.address, { body: messageFrame(Buffer.concat([field(1, call), ...more])) });
}

it('serves what is nested as deep as people nest', async () => {
  expect(await sendJson(nestedStruct(20))).toBe('OK');
});

it.each([100, 1_000, 10_000])('refuses objects nested %i deep', async (depth) => {
  expect(await sendJson(nestedStruct(depth))).toBe('INTERNAL');
  expect(received).toEqual([]);
});

it.each([100, 1_000, 10_000])('refuses lists nested %i deep', async (depth) => {
  expect(await sendJson(nestedList(depth))).toBe('INTERNAL');
  expect(received).toEqual([]);
});

it.each([100, 10_000])('refuses unknown groups nested %i deep', async (depth) => {
  expect(await sendJson(nestedStruct(1), nestedGroups(depth))).toBe('INTERNAL');
  expect(received).toEqual([]);
});

it.each(['__proto__', 'constructor', 'toString'])(
  'takes a key %s for one like any other',
  async (key) => {
    const admin = structValue(structOf('isAdmin', new Uint8Array([0x20, 1])));
    expect(await sendJson(structOf(key, admin))).toBe('OK');
    const [request] = received;
    expect(Object.getPrototypeOf(request)).toBe(Object.prototype);
    expect(Object.entries(request!)).toEqual([[key, { isAdmin: true }]]);
    expect((request as { isAdmin?: boolean }).isAdmin).toBeUndefined();
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  },
);
