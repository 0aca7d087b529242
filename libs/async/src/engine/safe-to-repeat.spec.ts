import { ErrorInfo } from '@trivium/contracts/google/rpc/error_details';
import {
  InventoryDefinition,
  ReserveResponse,
} from '@trivium/contracts/shop/inventory/v1/inventory';
import {
  FulfillmentDefinition,
  FulfillResponse,
} from '@trivium/contracts/shop/fulfillment/v1/fulfillment';
import { Code, findDetail, packAny, RpcError } from '@trivium/rpc';
import type { MethodDefinition } from '@trivium/rpc';
import { NEVER, Observable, of, concat } from 'rxjs';
import {
  bytes,
  closeEngines,
  collect,
  openEngine,
  Text,
  textAny,
} from '../fixtures/open-engine.ts';
import type { StepCallOptions, Work } from './running-operation.ts';

afterEach(closeEngines);

const request = bytes('');
const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason));
  });

/** Runs work until its first attempt says that it hangs, ends that process, and runs it to its end. */
async function throughACrash(work: (hang: () => Promise<never>) => Work) {
  const begun = Promise.withResolvers<void>();
  const end = Promise.withResolvers<never>();
  const hangs = (): Promise<never> => {
    begun.resolve();
    return end.promise;
  };
  const first = await openEngine({ work: work(hangs) }, undefined, { graceMs: 1 });
  const { name } = await first.operations.start({ kind: 'work', requestId: 'r', request });
  await begun.promise;
  await first.store.close();
  const { operations } = await openEngine({ work: work(hangs) }, first.path);
  expect(await operations.resume()).toBe(1);
  const record = await operations.wait(name);
  const events = await collect(operations.events(name));
  // What is left of the first process hears of it, and cannot write any more.
  end.reject(new Error('It has ended.'));
  await first.operations.close();
  expect(await operations.get(name)).toEqual(record);
  return { operations, record, events, kinds: events.map(({ kind }) => kind) };
}

it('never runs a step again that is not safe to repeat: its outcome is unknown, and says of what', async () => {
  let runs = 0;
  const { record, events, kinds } = await throughACrash((hang) => async (operation) => {
    await operation.step('charge', {
      type: Text,
      method: 'bank.v1.Bank/Charge',
      run: () => {
        runs += 1;
        return hang();
      },
    });
    return textAny('done');
  });
  expect(runs).toBe(1);
  expect(kinds).toEqual(['ACCEPTED', 'STEP_STARTED', 'RESUMED', 'OUTCOME_UNKNOWN', 'FAILED']);
  expect(events[3]!.description).toContain('bank.v1.Bank/Charge');
  expect(events[3]!.description).toContain('not safe to repeat');
  const status = record.result!.value as { code: Code; message: string; details: [] };
  const error = new RpcError(status.code, status.message, { details: status.details });
  expect(error.code).toBe(Code.UNKNOWN);
  const info = findDetail(error, ErrorInfo)!;
  expect(info).toMatchObject({ reason: 'OUTCOME_UNKNOWN', domain: 'trivium.async' });
  expect(Object.fromEntries(info.metadata)).toEqual({
    ...{ step: 'charge', method: 'bank.v1.Bank/Charge', attempt: '1' },
    start_time: expect.stringMatching(/^\d{4}-.*Z$/),
  });
});

it('runs a step again that is safe to repeat, and says so', async () => {
  const attempts: number[] = [];
  const { record, events, kinds } = await throughACrash((hang) => async (operation) => {
    const run = async (_: AbortSignal, { attempt }: { attempt: number }) => {
      attempts.push(attempt);
      return attempt === 1 ? hang() : 'done';
    };
    return textAny(await operation.step('ask', { type: Text, repeatable: true, run }));
  });
  expect(attempts).toEqual([1, 2]);
  expect(kinds).toEqual(['ACCEPTED', 'RESUMED', 'STEP_REPEATED', 'SUCCEEDED']);
  expect(events[2]!.description).toContain('safe to repeat');
  expect(record.result).toEqual({ $case: 'response', value: textAny('done') });
});

describe('a call', () => {
  it('is repeated if its method declares that, with the same key and a growing attempt', async () => {
    const made: StepCallOptions['metadata'][] = [];
    const { record, kinds } = await throughACrash((hang) => async (operation) => {
      const reserved = await operation.call('reserve', {
        method: InventoryDefinition.methods.reserve,
        request: { reservationId: operation.id },
        invoke: async ({ reservationId }, { metadata }) => {
          made.push(metadata);
          if (operation.attempt === 1) await hang();
          return ReserveResponse.fromPartial({ reservation: { reservationId } });
        },
      });
      return packAny(ReserveResponse, reserved);
    });
    const key = `${record.id}/reserve`;
    expect(made).toEqual([
      { 'idempotency-key': key, 'trivium-attempt': '1' },
      { 'idempotency-key': key, 'trivium-attempt': '2' },
    ]);
    expect(kinds).toContain('STEP_REPEATED');
    expect(record.result?.$case).toBe('response');
  });

  it('is never repeated if its method declares nothing', async () => {
    let made = 0;
    const method: MethodDefinition = { ...InventoryDefinition.methods.reserve, options: {} };
    const { kinds } = await throughACrash((hang) => async (operation) => {
      await operation.call('reserve', {
        method,
        request: {},
        invoke: () => {
          made += 1;
          return hang();
        },
      });
      return textAny('done');
    });
    expect(made).toBe(1);
    expect(kinds).toContain('OUTCOME_UNKNOWN');
  });

  it('of a stream tells each message, and goes on after the last one that was told', async () => {
    const asked: (bigint | undefined)[] = [];
    const message = (sequence: number) =>
      FulfillResponse.fromPartial({ event: { sequence: BigInt(sequence) } });
    const { record, events } = await throughACrash((hang) => async (operation) => {
      const last = await operation.callStream('fulfill', {
        method: FulfillmentDefinition.methods.fulfill,
        request: (told) => {
          asked.push(told?.event?.sequence);
          return { afterSequence: told?.event?.sequence ?? 0n };
        },
        invoke: ({ afterSequence = 0n }) =>
          operation.attempt > 1
            ? of(message(Number(afterSequence) + 1))
            : concat(
                of(message(1), message(2)),
                new Observable<FulfillResponse>(
                  () => void setImmediate(() => void hang().catch(() => undefined)),
                ),
                NEVER,
              ),
        event: ({ event }) => ({ kind: 'STAGE', description: `stage ${event!.sequence}` }),
      });
      return packAny(FulfillResponse, last!);
    });
    // The crash came after the first message was told, or after the second.
    const stages = events.filter(({ kind }) => kind === 'STAGE');
    const told = stages.filter(({ attempt }) => attempt === 1).length;
    expect(asked).toEqual([undefined, BigInt(told)]);
    expect(stages.map(({ description }) => description)).toEqual(
      Array.from({ length: told + 1 }, (_, index) => `stage ${index + 1}`),
    );
    expect(record.result).toEqual({
      $case: 'response',
      value: packAny(FulfillResponse, message(told + 1)),
    });
  });
});

describe('when the engine closes', () => {
  it('lets a step that is not safe to repeat end by itself, and records what it achieves', async () => {
    const begun = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const work: Work = async (operation) =>
      textAny(
        await operation.step('charge', {
          type: Text,
          run: async (signal) => {
            begun.resolve();
            await Promise.race([gate.promise, untilAborted(signal)]);
            return `of attempt ${operation.attempt}`;
          },
        }),
      );
    const first = await openEngine({ work });
    const { name } = await first.operations.start({ kind: 'work', requestId: 'r', request });
    await begun.promise;
    const closed = first.stop();
    gate.resolve();
    await closed;
    const { operations } = await openEngine({ work }, first.path);
    await operations.resume();
    expect((await operations.wait(name)).result?.value).toEqual(textAny('of attempt 1'));
  });

  it('aborts it once its grace is over: then its outcome is unknown', async () => {
    const begun = Promise.withResolvers<void>();
    const work: Work = async (operation) => {
      const run = (signal: AbortSignal): Promise<string> => {
        begun.resolve();
        return untilAborted(signal);
      };
      return textAny(await operation.step('charge', { type: Text, run }));
    };
    const first = await openEngine({ work }, undefined, { graceMs: 1 });
    const { name } = await first.operations.start({ kind: 'work', requestId: 'r', request });
    await begun.promise;
    await first.stop();
    const { operations } = await openEngine({ work }, first.path);
    await operations.resume();
    expect((await operations.wait(name)).result?.value).toMatchObject({ code: Code.UNKNOWN });
  });
});
