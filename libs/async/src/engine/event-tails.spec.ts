import { Code, RpcError } from '@trivium/rpc';
import type { OperationEvent } from '../operation/operation-event.ts';
import type { OperationEvents } from './event-reader.ts';
import { EventTails } from './event-tails.ts';
import { Wakeups } from './wakeups.ts';

const id = 'a';
const name = 'operations/a';
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A log in memory that counts how often it is read, and is slow to answer when told to. */
function openLog({ payloadBytes = 0 } = {}) {
  const wakeups = new Wakeups();
  const events: OperationEvent[] = [];
  const reads: { after: number; limit: number }[] = [];
  let held: Promise<unknown> = Promise.resolve();
  let isThere = true;
  const tails = new EventTails({
    wakeups,
    async read(_id, { after, limit }) {
      reads.push({ after, limit });
      if (!isThere) return undefined;
      const [lastSequence, ended] = [events.length, events.at(-1)?.last ?? false];
      const page = { events: events.slice(after, after + limit), lastSequence, ended };
      await held;
      return page;
    },
  });
  const append = (last = false) => {
    const payload = { typeUrl: 'x', value: Buffer.alloc(payloadBytes) };
    const [sequence, time] = [events.length + 1, new Date(0)];
    events.push({ sequence, kind: 'K', time, description: '', attempt: 1, payload, last });
    wakeups.ring(id);
  };
  return {
    ...{ tails, reads, append, wakeups },
    hold: (until: Promise<unknown>) => (held = until),
    remove() {
      isThere = false;
      wakeups.ring(id);
    },
  };
}

const collect = async (events: OperationEvents, seen: number[] = []) => {
  for await (const { sequence } of events) seen.push(sequence);
  return seen;
};
const upTo = (n: number, after = 0) => Array.from({ length: n - after }, (_, i) => after + i + 1);

it('reads the log once for all who follow it', async () => {
  const { tails, reads, append } = openLog();
  append();
  const watches = Array.from({ length: 2_000 }, () => collect(tails.follow(name, {})));
  await turn();
  for (let count = 0; count < 5; count += 1) {
    append();
    await turn();
  }
  append(true);
  for (const seen of await Promise.all(watches)) expect(seen).toEqual(upTo(7));
  expect(reads.length).toBeLessThanOrEqual(8);
});

it('shows each of them the same event, as one object', async () => {
  const { tails, append } = openLog();
  append();
  const [one, other] = [tails.follow(name, {}), tails.follow(name, {})];
  const [first, second] = await Promise.all([one.next(), other.next()]);
  expect(first.value).toBe(second.value);
  await Promise.all([one.return(), other.return()]);
});

it('misses nothing that is written while it reads', async () => {
  const { tails, append, hold } = openLog();
  append();
  const gate = Promise.withResolvers<void>();
  hold(gate.promise);
  const watch = collect(tails.follow(name, {}));
  await turn();
  append();
  append(true);
  gate.resolve();
  expect(await watch).toEqual([1, 2, 3]);
});

it('brings readers from anywhere to the end, one that follows and many that are behind', async () => {
  const { tails, append } = openLog();
  for (let count = 0; count < 700; count += 1) append();
  const follower = collect(tails.follow(name, { after: 700 }));
  await turn();
  const late = [0, 1, 350, 698].map((after) => collect(tails.follow(name, { after })));
  await turn();
  for (let count = 0; count < 400; count += 1) append();
  append(true);
  expect(await follower).toEqual(upTo(1_101, 700));
  expect(await late[0]).toEqual(upTo(1_101));
  expect(await late[2]).toEqual(upTo(1_101, 350));
  expect(await late[3]).toEqual(upTo(1_101, 698));
});

it('lets a slow reader go on where it was when the tail has left it behind', async () => {
  const { tails, append } = openLog();
  append();
  const slow = tails.follow(name, {});
  await slow.next();
  const fast = collect(tails.follow(name, {}));
  for (let count = 0; count < 2_000; count += 1) append();
  append(true);
  expect(await fast).toEqual(upTo(2_002));
  expect(await collect(slow)).toEqual(upTo(2_002, 1));
});

it('reads few events at a time when they are large', async () => {
  const { tails, reads, append } = openLog({ payloadBytes: 100_000 });
  for (let count = 0; count < 60; count += 1) append();
  append(true);
  expect(await collect(tails.follow(name, {}))).toEqual(upTo(61));
  expect(reads[0]!.limit).toBe(16);
  expect(new Set(reads.slice(1).map(({ limit }) => limit))).toEqual(new Set([1]));
});

it('ends after the last event, also for who has seen it', async () => {
  const { tails, append } = openLog();
  append();
  append(true);
  expect(await collect(tails.follow(name, { after: 2 }))).toEqual([]);
  const events = tails.follow(name, {});
  expect(await collect(events)).toEqual([1, 2]);
  expect(await events.next()).toEqual({ done: true, value: undefined });
});

it('refuses a place that the log does not have, and what is no operation', async () => {
  const { tails, append, remove } = openLog();
  append();
  await expect(tails.follow(name, { after: 2 }).next()).rejects.toMatchObject({
    code: Code.OUT_OF_RANGE,
  });
  await expect(tails.follow('jobs/1', {}).next()).rejects.toMatchObject({
    code: Code.INVALID_ARGUMENT,
  });
  const watch = collect(tails.follow(name, {}));
  const rejected = expect(watch).rejects.toMatchObject({ code: Code.NOT_FOUND });
  await turn();
  remove();
  await rejected;
});

it('ends by the reason it is given, while it waits and between events', async () => {
  const { tails, append } = openLog();
  append();
  const controller = new AbortController();
  const aborted = tails.follow(name, { signal: controller.signal });
  const failed = tails.follow(name, {});
  await Promise.all([aborted.next(), failed.next()]);
  const waiting = aborted.next();
  controller.abort(new Error('enough'));
  failed.fail(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  await expect(failed.next()).rejects.toThrow('enough');
  expect(await failed.next()).toMatchObject({ done: true });
  await expect(tails.follow(name, { signal: controller.signal }).next()).rejects.toThrow('enough');
});

it('ends when the engine closes, for those who wait and those who come later', async () => {
  const { tails, append, wakeups } = openLog();
  append();
  const watch = collect(tails.follow(name, {}));
  const rejected = expect(watch).rejects.toThrow('closed');
  await turn();
  wakeups.close(new RpcError(Code.UNAVAILABLE, 'closed'));
  await rejected;
  const late = tails.follow(name, {});
  await expect(collect(late)).rejects.toThrow('closed');
});

it('ends a loop that is left, and one that waits elsewhere', async () => {
  const { tails, append } = openLog();
  append();
  for await (const event of tails.follow(name, {})) {
    expect(event.sequence).toBe(1);
    break;
  }
  const events = tails.follow(name, {});
  await events.next();
  const waiting = events.next();
  await events.return();
  expect(await waiting).toMatchObject({ done: true });
});

/** Has the events pushed, with room for so many at a time. */
function pushed(events: OperationEvents, room = Infinity) {
  const seen: number[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<number[]>();
  let left = room;
  events.pushTo({
    write({ sequence }) {
      seen.push(sequence);
      left -= 1;
      return left > 0;
    },
    end: () => resolve(seen),
    fail: reject,
  });
  const resume = () => {
    left = room;
    events.resume();
  };
  return { seen, ended: promise, resume };
}

it('pushes to many, with one read of the log for all', async () => {
  const { tails, reads, append } = openLog();
  append();
  const sinks = Array.from({ length: 2_000 }, () => pushed(tails.follow(name, {})));
  await turn();
  for (let count = 0; count < 5; count += 1) {
    append();
    await turn();
  }
  append(true);
  for (const { ended } of sinks) expect(await ended).toEqual(upTo(7));
  expect(reads.length).toBeLessThanOrEqual(8);
});

it('pushes no more than there is room for, and goes on where it was', async () => {
  const { tails, append } = openLog();
  append();
  const slow = pushed(tails.follow(name, {}), 100);
  const fast = pushed(tails.follow(name, {}));
  for (let count = 0; count < 1_000; count += 1) append();
  append(true);
  expect(await fast.ended).toEqual(upTo(1_002));
  expect(slow.seen).toEqual(upTo(100));
  for (let count = 0; count < 20; count += 1) {
    slow.resume();
    await turn();
  }
  expect(await slow.ended).toEqual(upTo(1_002));
});

it('fails a sink with the reason it is given, and with what the sink throws', async () => {
  const { tails, append } = openLog();
  append();
  const told = tails.follow(name, {});
  const toldSink = pushed(told);
  const broken = Promise.withResolvers<void>();
  tails.follow(name, {}).pushTo({
    write() {
      throw new Error('broken');
    },
    end: broken.resolve,
    fail: broken.reject,
  });
  const healthy = pushed(tails.follow(name, {}));
  await expect(broken.promise).rejects.toThrow('broken');
  told.fail(new Error('enough'));
  await expect(toldSink.ended).rejects.toThrow('enough');
  const none = pushed(tails.follow('jobs/1', {}));
  await expect(none.ended).rejects.toMatchObject({ code: Code.INVALID_ARGUMENT });
  append(true);
  expect(await healthy.ended).toEqual([1, 2]);
});
