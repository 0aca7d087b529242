import { InvalidPlan } from './check-step.ts';
import { dynamicPlan } from './dynamic-plan.ts';
import { run } from './run.ts';
import type { CallStep, Step } from './step.ts';

const { signal } = new AbortController();

const step = (name: string, ...reads: string[]): CallStep => ({
  name,
  reads,
  call: (context) => [name, ...reads.flatMap((read) => context[read])].join(' '),
});

it('runs steps in the order of what they read, whatever the order they are given in', async () => {
  const made = dynamicPlan([step('c', 'b', 'a'), step('b', 'a'), step('a')]);
  const { values } = await run(made, undefined, { signal }).result;
  expect(values).toEqual({ a: 'a', b: 'b a', c: 'c b a a' });
  expect(made.steps.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
});

it('takes what can be said of a step: conditions, lists, options', async () => {
  const steps: Step[] = [
    { name: 'left out', call: () => 1, when: ({ input }) => input !== 1, optional: true },
    {
      kind: 'each',
      ...{ name: 'all', reads: ['left out'], optionalItems: false },
      items: () => [1, 2],
      key: String,
      call: (item) => Number(item) * 2,
    },
  ];
  const { values } = await run(dynamicPlan(steps), 1, { signal }).result;
  expect(values).toMatchObject({ 'left out': { ok: false }, all: [2, 4] });
});

it.each<[string, Step[], string]>([
  [
    'an unknown name',
    [step('a', 'b')],
    'Step "a" reads "b", but no known step has that name (known: a)',
  ],
  ['itself', [step('a', 'a')], 'Step "a" reads itself'],
  ['a name twice', [step('a'), step('a')], 'Step "a" is in the plan twice'],
  ['a reserved name', [step('input')], 'Step "input" has a reserved name'],
  [
    'a cycle',
    [step('z', 'a'), step('a', 'b', 'ok'), step('b', 'c'), step('c', 'a'), step('ok')],
    'Steps read each other in a cycle: "a" reads "b" reads "c" reads "a"',
  ],
  ['no function', [{ name: 'a' } as never], 'Step "a" needs a function for call, got undefined'],
])('refuses %s, and says where', (_, steps, message) => {
  expect(() => dynamicPlan(steps)).toThrow(InvalidPlan);
  expect(() => dynamicPlan(steps)).toThrow(message);
});

it('names the step at fault for whoever shows the place', () => {
  const caught = (() => {
    try {
      return dynamicPlan([step('a'), step('b', 'x')]);
    } catch (error) {
      return error;
    }
  })();
  expect(caught).toMatchObject({ step: 'b' });
});

it('has 10,000 steps at most, unless it is asked for more', async () => {
  const chain = (length: number): Step[] =>
    Array.from({ length }, (_, place) => ({
      name: `s${place}`,
      reads: place === 0 ? [] : [`s${place - 1}`],
      call: () => place,
    }));
  expect(() => dynamicPlan(chain(10_001))).toThrow(
    'A plan has 10000 steps at most, this one has 10001',
  );
  expect(dynamicPlan(chain(10_001), { maxSteps: 20_000 }).steps).toHaveLength(10_001);
  const { values } = await run(dynamicPlan(chain(10_000)), undefined, { signal }).result;
  expect(values['s9999']).toBe(9_999);
});

it('takes no stack for chains of steps that are skipped, or that have nothing to do', async () => {
  const chain = Array.from({ length: 10_000 }, (_, place): Step => {
    const reads = place === 0 ? [] : [`s${place - 1}`];
    return { kind: 'each', name: `s${place}`, reads, items: () => [], key: String, call: () => 1 };
  });
  const { trace } = await run(dynamicPlan(chain), undefined, { signal }).result;
  expect(trace.at(-1)).toMatchObject({ id: 's9999', state: 'succeeded' });
  const [first, ...rest] = chain;
  const skipped = dynamicPlan([{ ...first!, when: () => false }, ...rest]);
  expect((await run(skipped, undefined, { signal }).result).trace).toHaveLength(10_000);
});

it('may be a thousand steps wide', async () => {
  const names = Array.from({ length: 1_000 }, (_, place) => `s${place}`);
  const wide = dynamicPlan([step('end', ...names), ...names.map((name) => step(name))]);
  const { values } = await run(wide, undefined, { signal }).result;
  expect(values['end']).toBe(['end', ...names].join(' '));
});
