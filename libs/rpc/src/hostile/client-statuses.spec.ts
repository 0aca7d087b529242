import type { ServerHttp2Stream } from 'node:http2';
import { ErrorInfo } from '@trivium/contracts/google/rpc/error_details';
import { Status } from '@trivium/contracts/google/rpc/status';
import { Any } from '@trivium/contracts/google/protobuf/any';
import { lastValueFrom } from 'rxjs';
import { codeName } from '../error/code.ts';
import { findDetail, packAny } from '../error/details.ts';
import type { RpcError } from '../error/rpc-error.ts';
import { closeAll, openEcho } from '../spec/echo.ts';
import { startHttp2Peer } from '../spec/http2-peer.ts';
import { messageFrame } from './raw-request.ts';

afterEach(closeAll);

const OK_HEADERS = { ':status': 200, 'content-type': 'application/grpc' };
const message = messageFrame(
  Buffer.from(Any.encode({ typeUrl: 'good', value: Buffer.alloc(0) }).finish()),
);

type Answer = (stream: ServerHttp2Stream) => void;
type Trailers = Record<string, string | string[]>;

/** Answers with a message, and with these trailers. */
function trailers(sent: Trailers, body = message): Answer {
  return (stream) => {
    stream.respond(OK_HEADERS, { waitForTrailers: true });
    stream.once('wantTrailers', () => stream.sendTrailers(sent));
    stream.end(body);
  };
}

/** Answers with headers alone, which are the trailers. */
function trailersOnly(sent: Trailers): Answer {
  return (stream) => stream.respond({ ...OK_HEADERS, ...sent }, { endStream: true });
}

/** The error of a unary call and that of a stream, which are the same. */
async function errorFrom(answer: Answer): Promise<RpcError> {
  let answerNext = answer;
  const { client } = openEcho(await startHttp2Peer((stream) => answerNext(stream)));
  const errors = [client.say({}), lastValueFrom(client.repeat({}))].map((call) =>
    call.then(
      () => Promise.reject(new Error('The call did not fail')),
      (error: RpcError) => error,
    ),
  );
  const [error, ofStream] = await Promise.all(errors);
  expect(ofStream!.code).toBe(error!.code);
  // The client is as good as before.
  answerNext = trailers({ 'grpc-status': '0' });
  expect((await client.say({})).typeUrl).toBe('good');
  return error!;
}

const answers: readonly (readonly [string, Answer, string])[] = [
  ['a status in its headers alone', trailersOnly({ 'grpc-status': '5' }), 'NOT_FOUND'],
  ['a status that is no number', trailers({ 'grpc-status': 'abc' }), 'UNKNOWN'],
  ['a status of nothing', trailers({ 'grpc-status': '' }), 'UNKNOWN'],
  ['a status of 99', trailers({ 'grpc-status': '99' }), 'UNKNOWN'],
  ['a status of -1', trailers({ 'grpc-status': '-1' }), 'UNKNOWN'],
  ['two statuses', trailers({ 'grpc-status': ['0', '5'] }), 'UNKNOWN'],
  ['no trailers', (stream) => (stream.respond(OK_HEADERS), stream.end(message)), 'INTERNAL'],
  [
    'a message that cannot be decoded',
    trailers({ 'grpc-status': '5', 'grpc-message': '%E0%A4%A' }),
    'NOT_FOUND',
  ],
  [
    'details that are no base64',
    trailers({ 'grpc-status': '5', 'grpc-status-details-bin': '!?' }),
    'NOT_FOUND',
  ],
  [
    'details that are no message',
    trailers({ 'grpc-status': '5', 'grpc-status-details-bin': 'Gv8=' }),
    'NOT_FOUND',
  ],
  ['100 KiB of headers', (stream) => stream.respond({ ...OK_HEADERS, ...large(100) }), 'INTERNAL'],
  ['503 and a page', page(503), 'UNAVAILABLE'],
  ['404 and a page', page(404), 'UNIMPLEMENTED'],
  ['401 and a page', page(401), 'UNAUTHENTICATED'],
  ['200 and a page', page(200), 'RESOURCE_EXHAUSTED'],
];

function page(status: number): Answer {
  return (stream) => {
    stream.respond({ ':status': status, 'content-type': 'text/html' });
    stream.end('<html lang="en">');
  };
}

function large(sizeKib: number): Trailers {
  return Object.fromEntries(
    Array.from({ length: sizeKib }, (_, i) => [`x-${i}`, 'a'.repeat(1024)]),
  );
}

it.each(answers)('understands a peer that answers with %s', async (_name, answer, code) => {
  const error = await errorFrom(answer);
  expect(codeName(error.code)).toBe(code);
  expect(error.details).toEqual([]);
});

it('takes a key __proto__ in the details of an error for one like any other', async () => {
  const metadata = new Map([['__proto__', 'polluted']]);
  const info = packAny(ErrorInfo, { reason: 'R', domain: 'D', metadata });
  const status = Status.encode({ code: 5, message: '', details: [info] }).finish();
  const details = { 'grpc-status-details-bin': Buffer.from(status).toString('base64') };
  const error = await errorFrom(trailersOnly({ 'grpc-status': '5', ...details }));
  expect([...findDetail(error, ErrorInfo)!.metadata]).toEqual([['__proto__', 'polluted']]);
  expect(Object.getPrototypeOf({})).toBe(Object.prototype);
});
