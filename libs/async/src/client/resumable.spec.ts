import { jest } from '@jest/globals';
import { ErrorInfo } from '@trivium/contracts/google/rpc/error_details';
import { Code, findDetail, retryInfo, RpcError } from '@trivium/rpc';
import fc from 'fast-check';
import { concat, EMPTY, from, NEVER, type Observable, of, Subject, throwError } from 'rxjs';
import { type LostConnection, resumable, type ResumableOptions } from './resumable.ts';

const unavailable = new RpcError(Code.UNAVAILABLE, 'gone');
const gone = throwError(() => unavailable);

const numbers = {
  sequenceOf: (number: number) => number,
  isLast: (number: number) => number === 9,
  random: () => 1,
};

/** What a subscriber of a resumable stream has seen. */
function watch(
  open: (after: number) => Observable<number>,
  options: Partial<ResumableOptions<number>> = {},
) {
  const seen: number[] = [];
  const opened: number[] = [];
  const lost: LostConnection[] = [];
  const outcome: { error?: RpcError; completed?: boolean } = {};
  const subscription = resumable(
    (after) => {
      opened.push(after);
      return open(after);
    },
    { ...numbers, onReconnect: (each) => lost.push(each), ...options },
  ).subscribe({
    next: (number) => seen.push(number),
    error: (error: RpcError) => (outcome.error = error),
    complete: () => (outcome.completed = true),
  });
  return { seen, opened, lost, outcome, subscription };
}

const range = (first: number, last: number) =>
  from(Array.from({ length: last - first + 1 }, (_, index) => first + index));

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

it('goes on after the last number seen, and completes after the last item', () => {
  const ends = [3, 3, 7, 9];
  const watching = watch((after) => concat(range(after + 1, ends.shift()!), gone));
  jest.runAllTimers();
  expect(watching.seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(watching.opened).toEqual([0, 3, 3, 7]);
  expect(watching.outcome).toEqual({ completed: true });
});

it('backs off twice as long each time, up to a ceiling, and anew once something came', () => {
  let opened = 0;
  const options = { initialBackOffMs: 100, maxBackOffMs: 700 };
  const watching = watch(() => (++opened === 6 ? concat(of(1), gone) : gone), options);
  for (let count = 0; count < 7; count += 1) jest.runOnlyPendingTimers();
  expect(watching.lost.map(({ backOffMs }) => backOffMs)).toEqual([
    ...[100, 200, 400, 700, 700],
    ...[100, 200, 400],
  ]);
  watching.subscription.unsubscribe();
});

it('spreads its back-off over all of the time below the ceiling', () => {
  const watching = watch(() => gone, { random: () => 0.25, initialBackOffMs: 100 });
  expect(watching.lost).toMatchObject([
    { backOffMs: 25, attempt: 1, after: 0, error: unavailable },
  ]);
  watching.subscription.unsubscribe();
});

it('waits as long as the server asks for on top of that', () => {
  const busy = new RpcError(Code.UNAVAILABLE, 'busy', { details: [retryInfo(3_000)] });
  const watching = watch(() => throwError(() => busy));
  expect(watching.lost).toMatchObject([{ backOffMs: 3_100 }]);
  watching.subscription.unsubscribe();
});

it('leaves out what a new connection repeats', () => {
  const starts = [1, 2, 1];
  const watching = watch(() => {
    const first = starts.shift()!;
    return starts.length > 0 ? concat(range(first, first + 3), gone) : range(first, 9);
  });
  jest.runAllTimers();
  expect(watching.seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

it.each([
  ['a gap', [1, 2, 4], 'SEQUENCE_GAP'],
  ['a gap at the beginning', [2], 'SEQUENCE_GAP'],
  ['a reorder', [1, 2, 3, 2], 'SEQUENCE_REORDERED'],
  ['no number', [1, Number.NaN], 'SEQUENCE_REORDERED'],
])('fails at %s', (_, sent, reason) => {
  const { outcome } = watch(() => from(sent));
  expect(outcome.error?.code).toBe(Code.DATA_LOSS);
  expect(findDetail(outcome.error!, ErrorInfo)?.reason).toBe(reason);
});

it('fails at a gap between two connections', () => {
  const sent = [concat(of(1, 2), gone), of(4)];
  const { outcome, seen } = watch(() => sent.shift()!);
  jest.runAllTimers();
  expect(seen).toEqual([1, 2]);
  expect(outcome.error?.code).toBe(Code.DATA_LOSS);
});

it('begins after the number it is told, and completes when there is nothing more', () => {
  const whole = watch((after) => range(after + 1, 9), { after: 6 });
  expect(whole.seen).toEqual([7, 8, 9]);
  const past = watch(() => EMPTY, { after: 9 });
  expect(past.outcome).toEqual({ completed: true });
  expect(() => resumable(() => EMPTY, { ...numbers, after: -1 })).toThrow(RangeError);
});

it('does not take a stream that ends early for the whole', () => {
  const sent = [EMPTY, of(1, 2), range(3, 9)];
  const watching = watch(() => sent.shift()!);
  jest.runAllTimers();
  expect(watching.opened).toEqual([0, 0, 2]);
  expect(watching.outcome).toEqual({ completed: true });
});

it.each([Code.NOT_FOUND, Code.PERMISSION_DENIED, Code.OUT_OF_RANGE, Code.INVALID_ARGUMENT])(
  'fails with what cannot heal: code %i',
  (code) => {
    const watching = watch(() => throwError(() => new RpcError(code, 'no')));
    expect(watching.outcome.error?.code).toBe(code);
    expect(watching.opened).toEqual([0]);
  },
);

it('fails with the last failure once its patience is over', () => {
  const watching = watch(() => gone, { patienceMs: 1_000, initialBackOffMs: 400 });
  jest.runAllTimers();
  expect(watching.outcome.error).toBe(unavailable);
  expect(watching.opened).toHaveLength(2);
});

it('has patience anew with each connection that lasted', () => {
  let connection = new Subject<number>();
  const open = () => (connection = new Subject<number>());
  const watching = watch(open, { patienceMs: 1_000 });
  for (let count = 0; count < 5; count += 1) {
    jest.advanceTimersByTime(60_000);
    connection.error(unavailable);
  }
  expect(watching.outcome).toEqual({});
  expect(watching.lost.map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1, 1]);
  watching.subscription.unsubscribe();
});

it('ends its connection, and waits for no other, when it is unsubscribed', () => {
  let connections = 0;
  const connected = watch(() => {
    connections += 1;
    const stream = concat(of(1), NEVER);
    return stream;
  });
  connected.subscription.unsubscribe();
  const waiting = watch(() => gone);
  waiting.subscription.unsubscribe();
  jest.runAllTimers();
  expect(connections).toBe(1);
  expect(waiting.opened).toEqual([0]);
  expect(jest.getTimerCount()).toBe(0);
});

it('fails with what opening throws', () => {
  const watching = watch(() => {
    throw new RpcError(Code.INVALID_ARGUMENT, 'no name');
  });
  expect(watching.outcome.error?.code).toBe(Code.INVALID_ARGUMENT);
});

it('shows each item once and in order, wherever it is disconnected', () => {
  const disconnects = fc.array(fc.record({ repeats: fc.nat(5), brings: fc.nat(4) }), {
    maxLength: 200,
  });
  fc.assert(
    fc.property(disconnects, (script) => {
      const left = [...script];
      const watching = watch((after) => {
        const next = left.shift();
        if (!next) return range(after + 1, 9);
        const first = Math.max(1, after + 1 - next.repeats);
        const last = Math.min(8, after + next.brings);
        return concat(range(first, Math.max(last, first - 1)), gone);
      });
      jest.runAllTimers();
      expect(watching.seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
      expect(watching.outcome).toEqual({ completed: true });
    }),
  );
});
