import { RetryInfo } from '@trivium/contracts/google/rpc/error_details';
import { Code } from '../../error/code.ts';
import { findDetail } from '../../error/details.ts';
import { createAdmission } from './admission.ts';
import type { ConcurrencyLimit, RoundTrip } from './concurrency-limit.ts';

let nowMs: number;
let seen: RoundTrip[];
beforeEach(() => {
  nowMs = 0;
  seen = [];
});

const endOfTurn = () => new Promise((resolve) => setImmediate(resolve));

function createLimit(parts: Partial<ConcurrencyLimit> = {}): ConcurrencyLimit {
  return {
    current: 5,
    isSaturated: false,
    observe: (roundTrip) => void seen.push(roundTrip),
    noteRefusal: () => undefined,
    typicalMs: () => 20,
    unloadedMs: () => 10,
    ...parts,
  };
}

function create(parts?: Partial<ConcurrencyLimit>) {
  return createAdmission(createLimit(parts), { now: () => nowMs });
}

it('refuses what the limit has no room for, with RetryInfo in milliseconds', () => {
  const admission = create();
  for (let count = 0; count < 5; count += 1) admission.admit('m');
  const refusal = admission.refusal('m', 1_000);
  expect(refusal?.error.code).toBe(Code.RESOURCE_EXHAUSTED);
  const { retryDelay } = findDetail(refusal!.error, RetryInfo)!;
  expect(retryDelay?.seconds).toBe(0n);
  expect(retryDelay?.nanos).toBeGreaterThan(0);
  expect(refusal?.headers).toMatchObject({
    'grpc-status': Code.RESOURCE_EXHAUSTED,
    'grpc-retry-pushback-ms': String(retryDelay!.nanos / 1e6),
  });
});

it('does not ask all refused callers to come back at the same time', () => {
  const admission = create({ current: 0 });
  const delays = new Set<unknown>();
  for (let count = 0; count < 8; count += 1) {
    delays.add(admission.refusal('m', 1_000)?.headers['grpc-retry-pushback-ms']);
  }
  expect(delays.size).toBe(8);
});

it('has room again once a handler has settled and the turn has ended', async () => {
  const admission = create({ current: 1 });
  const admitted = admission.admit('m');
  admitted.settle({ isGood: true });
  expect(admission.refusal('m', 1_000)).toBeDefined();
  await endOfTurn();
  expect(admission.refusal('m', 1_000)).toBeUndefined();
});

it('counts the time of a call from the turn in which it arrived', async () => {
  const admission = create();
  const first = admission.admit('m');
  nowMs = 7;
  first.settle({ isGood: true });
  const second = admission.admit('m');
  nowMs = 14;
  second.settle({ isGood: true });
  await endOfTurn();
  expect(seen.map(({ ms }) => ms)).toEqual([7, 14]);
});

it('knows which calls had no company', async () => {
  const admission = create();
  admission.admit('m').settle({ isGood: true });
  await endOfTurn();
  admission.admit('m').settle({ isGood: true });
  admission.refusal('m', 1_000);
  await endOfTurn();
  expect(seen.map(({ isAlone }) => isAlone)).toEqual([true, false]);
});

it('does not take a call that failed early for a quick one', async () => {
  const admission = create();
  const admitted = admission.admit('m');
  nowMs = 1;
  admitted.settle({ isGood: false });
  await endOfTurn();
  expect(seen.map(({ ms }) => ms)).toEqual([20]);
});

it('refuses a call first that would be answered after its deadline, on a busy host', () => {
  const admission = create({ isSaturated: true });
  expect(admission.refusal('m', 19)).toBeUndefined();
  for (let count = 0; count < 4; count += 1) admission.admit('m');
  expect(admission.refusal('m', 19)?.reason).toBe('DEADLINE_TOO_CLOSE');
  expect(admission.refusal('m', 21)).toBeUndefined();
});

it('refuses a call that has waited too long for those that arrived with it', () => {
  const admission = create();
  const admitted = Array.from({ length: 5 }, () => admission.admit('m'));
  nowMs = 100;
  expect(admitted.map((call) => call.lateness()?.reason)).toEqual(Array(5).fill(undefined));
  nowMs = 101;
  expect(admitted.map((call) => call.lateness()?.reason)).toEqual([
    ...Array(4).fill(undefined),
    'OVERLOADED',
  ]);
});
