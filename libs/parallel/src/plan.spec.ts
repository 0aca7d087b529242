import { InvalidPlan } from './check-step.ts';
import type { Outcome } from './outcome.ts';
import { plan } from './plan.ts';
import type { ElementOutcome } from './step.ts';

/** Compiles only if both types are the same. */
type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_same: Same<A, B>): void => {};

const price = async (): Promise<number> => 3;
const base = plan<{ sku: string }>().step('price', price).step('stock', price, { optional: true });

describe('the types of a plan', () => {
  it('give a step the input, a signal and exactly the results that it names', () => {
    base.step('total', ['price'], (context) => {
      same<typeof context.price, number>(true);
      same<typeof context.input, { sku: string }>(true);
      same<typeof context.signal, AbortSignal>(true);
      // @ts-expect-error: 'stock' is in the plan, but not among what this step reads.
      return context.stock;
    });
    // @ts-expect-error: a step that reads nothing receives no results.
    base.step('total', ({ price }) => price);
    base.step('total', [], (context) => {
      // @ts-expect-error: nor does one that reads an empty list.
      return context.price;
    });
  });

  it('refuse a misspelled result', () => {
    // @ts-expect-error: there is no step 'prise'.
    expect(() => base.step('total', ['prise'], () => 1)).toThrow(InvalidPlan);
    // @ts-expect-error: there is no step 'prise'.
    const each = () => base.each('all', ['prise'], () => ['a'], price, { key: (item) => item });
    expect(each).toThrow(InvalidPlan);
    // @ts-expect-error: the context has no 'prise' either.
    base.step('total', ['price'], ({ prise }) => prise);
  });

  it('hand over an optional result as an outcome, and a possibly optional one as either', () => {
    base.step('total', ['stock'], ({ stock }) => {
      same<typeof stock, Outcome<number>>(true);
      // @ts-expect-error: whether there is a value has to be asked first.
      return stock.value;
    });
    const optional = Boolean(0);
    base.step('tax', price, { optional }).step('total', ['tax'], (context) => {
      same<typeof context.tax, number | Outcome<number>>(true);
      return context.tax;
    });
  });

  it('give an element its item, and readers one outcome per element', () => {
    const key = (item: { id: string }): string => item.id;
    base
      .each(
        'rates',
        ['price'],
        ({ price, input }) => [{ id: input.sku, price }],
        (item, { price, signal }) => {
          same<typeof item, { id: string; price: number }>(true);
          return Promise.resolve(signal.aborted || item.price > price);
        },
        { key },
      )
      .step('best', ['rates'], (context) => {
        same<typeof context.rates, ElementOutcome<{ id: string; price: number }, boolean>[]>(true);
        return context.rates;
      });
  });

  it('refuse names that are taken or reserved', () => {
    // @ts-expect-error: taken.
    expect(() => base.step('price', price)).toThrow('Step "price" is in the plan already');
    // @ts-expect-error: reserved.
    expect(() => base.step('input', price)).toThrow('Step "input" has a reserved name');
    // @ts-expect-error: reserved.
    expect(() => base.step('signal', price)).toThrow('Step "signal" has a reserved name');
    // @ts-expect-error: reserved.
    expect(() => base.step('budgetMs', price)).toThrow('Step "budgetMs" has a reserved name');
  });

  it('give an undo what the step returned, and what it read', () => {
    base.step('held', ['price'], () => ({ id: 'a' }), {
      undo: (value, context) => {
        same<typeof value, { id: string }>(true);
        same<typeof context.price, number>(true);
        same<typeof context.signal, AbortSignal>(true);
        // @ts-expect-error: 'stock' is not among what this step reads.
        return context.stock;
      },
    });
    base.each(
      'all',
      [],
      () => [1],
      (item) => String(item),
      {
        key: String,
        undo: (value, item) => {
          same<typeof value, string>(true);
          same<typeof item, number>(true);
          return [value, item];
        },
      },
    );
  });

  it('give a list of values where no element may fail', () => {
    const key = String;
    base
      .each(
        'all',
        [],
        () => [1],
        (item) => String(item),
        { key, optionalItems: false },
      )
      .step('end', ['all'], ({ all }) => {
        same<typeof all, string[]>(true);
        return all;
      });
  });
});

describe('a plan', () => {
  it('is a description that grows by making a new one', () => {
    const longer = base.step('total', ['price', 'stock', 'price'], () => 1, { timeoutMs: 5 });
    expect(base.steps.map((step) => step.name)).toEqual(['price', 'stock']);
    expect(longer.steps.at(-1)).toMatchObject({
      kind: 'call',
      name: 'total',
      reads: ['price', 'stock'],
      timeoutMs: 5,
    });
  });

  it('says which earlier steps could have been read', () => {
    const reads = ['prise'] as unknown as ['price'];
    expect(() => base.step('total', reads, () => 1)).toThrow(
      'Step "total" reads "prise", but no earlier step has that name (earlier: price, stock)',
    );
    expect(() => plan<void>().step('first', reads as never, () => 1)).toThrow('(earlier: none)');
  });

  it('refuses names that could be taken for an element', () => {
    expect(() => base.step('', price)).toThrow(InvalidPlan);
    expect(() => base.step('rates[ups]', price)).toThrow('has no brackets');
  });

  it.each([0, -1, NaN])('refuses a timeout of %p ms', (timeoutMs) => {
    expect(() => base.step('total', price, { timeoutMs })).toThrow(
      `Step "total" needs a timeoutMs above 0, got ${timeoutMs}`,
    );
  });

  it.each([0, 1.5, NaN])('refuses a limit of %p', (limit) => {
    const options = { key: String, limit };
    expect(() => base.each('all', [], () => [1], price, options)).toThrow(
      `Step "all" needs a limit that is a whole number from 1, got ${limit}`,
    );
  });

  it('refuses what is not a function', () => {
    expect(() => base.step('total', undefined as never)).toThrow(
      'Step "total" needs a function for call, got undefined',
    );
    expect(() => base.each('all', [], () => [1], price, undefined as never)).toThrow(
      'Step "all" needs a function for key, got undefined',
    );
  });
});
