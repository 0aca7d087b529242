import { Metadata, status } from '@grpc/grpc-js';
import { pino } from 'pino';
import { badRequest } from './details.ts';
import { Code, codeName } from './code.ts';
import { RpcError } from './rpc-error.ts';
import { statusMetadata } from './status-metadata.ts';

describe('an RpcError made of what was caught', () => {
  it('is the same error when it is one already', () => {
    const error = new RpcError(Code.NOT_FOUND, 'No product MUG-1');
    expect(RpcError.from(error)).toBe(error);
  });

  it('has the code, the bare message and the details of a failed gRPC call', () => {
    const details = [badRequest([{ field: 'sku', description: 'must be set' }])];
    const metadata = statusMetadata({ code: 3, message: 'Bad sku', details });
    const caught = Object.assign(new Error('3 INVALID_ARGUMENT: Bad sku'), {
      code: 3,
      details: 'Bad sku',
      metadata,
    });

    const error = RpcError.from(caught);
    expect(error).toMatchObject({ code: Code.INVALID_ARGUMENT, message: 'Bad sku', details });
    expect(error.cause).toBe(caught);
  });

  it('is UNKNOWN for a status that no gRPC knows, and for an error that claims to be OK', () => {
    const failure = { details: 'odd', metadata: new Metadata() };
    expect(RpcError.from({ code: 42, ...failure }).code).toBe(Code.UNKNOWN);
    expect(RpcError.from({ code: 0, ...failure }).code).toBe(Code.UNKNOWN);
  });

  it('is CANCELLED for an aborted wait and DEADLINE_EXCEEDED for one that timed out', () => {
    expect(RpcError.from(AbortSignal.abort().reason).code).toBe(Code.CANCELLED);
    const timeout = new DOMException('too late', 'TimeoutError');
    expect(RpcError.from(timeout).code).toBe(Code.DEADLINE_EXCEEDED);
  });

  it.each([new TypeError('secret'), 'secret', null, undefined, Object.create(null)])(
    'is INTERNAL and says nothing of anything else: %p',
    (caught) => {
      const error = RpcError.from(caught);
      expect(error).toMatchObject({ code: Code.INTERNAL, message: 'Internal error', details: [] });
      expect(error.cause).toBe(caught);
    },
  );

  it('does not take a system error for a status', () => {
    const caught = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    expect(RpcError.from(caught).code).toBe(Code.INTERNAL);
  });
});

describe('an RpcError', () => {
  it('is not made with OK, nor with a number that is no code', () => {
    expect(() => new RpcError(Code.OK, '')).toThrow(new RangeError('Not the code of an error: OK'));
    expect(() => new RpcError(99 as Code, '')).toThrow('Not the code of an error: CODE(99)');
  });

  it('travels as google.rpc.Status, without its cause', () => {
    const error = new RpcError(Code.ABORTED, 'Try again', { cause: new Error('secret') });
    expect(error.toStatus()).toEqual({ code: 10, message: 'Try again', details: [] });
  });

  it('says which call it was, in one line and in a log, and tells nobody else', () => {
    const error = new RpcError(Code.UNAVAILABLE, 'Not there');
    expect(`${error}`).toBe('RpcError: UNAVAILABLE: Not there');
    expect(Object.keys(error)).toEqual(['name', 'code', 'details']);

    const call = { method: '/spec.v1.Echo/Say', target: '127.0.0.1:1', attempts: 1, elapsedMs: 2 };
    expect(error.with(call)).toBe(error);
    expect(`${error}`).toBe(
      'RpcError: UNAVAILABLE: Not there (/spec.v1.Echo/Say at 127.0.0.1:1, 1 attempt, 2 ms)',
    );
    expect(pino.stdSerializers.err(error.with({ attempts: 3, elapsedMs: 7.4 }))).toMatchObject({
      ...call,
      message: 'Not there',
      attempts: 3,
      elapsedMs: 7.4,
    });
    expect(error.toStatus()).toEqual({ code: 14, message: 'Not there', details: [] });
  });

  it('knows the codes of grpc-js by the same names and numbers', () => {
    const theirs = Object.entries(status).filter(([, value]) => typeof value === 'number');
    expect(Object.fromEntries(theirs)).toEqual(Code);
    expect(codeName(Code.DATA_LOSS)).toBe('DATA_LOSS');
  });
});
