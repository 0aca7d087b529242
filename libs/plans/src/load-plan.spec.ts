import { PlanRefused } from './problem.ts';
import { compilePlan } from './compile/compile-plan.ts';
import { loadPlan } from './load-plan.ts';
import { Plan } from '@trivium/contracts/trivium/calls/v1/plan';
import { BadRequest } from '@trivium/contracts/google/rpc/error_details';
import { Code, findDetail } from '@trivium/rpc';
import { problemsOf, stepsOf } from './spec/problems-of.ts';
import { servedMethod, shopMethods } from './spec/shop-methods.ts';

const getProduct = 'method: shop.catalog.v1.Catalog/GetProduct';
const authorize = 'method: shop.payments.v1.Payments/Authorize';
const call = 'method: trivium.calls.v1.Calls/Call';
const load = (text: string) => loadPlan(text, { methods: shopMethods, served: servedMethod });

it('takes what a step waits for from the names that it uses', () => {
  const { steps } = load(
    stepsOf(
      `{ id: rate, method: shop.shipping.v1.Shipping/QuoteRate, request: { carrier_id: "\${ input.carrier }", parcel: { weight_grams: "\${ product.product.weight_grams * input.quantity }" } } }`,
      `{ id: product, ${getProduct}, request: { sku: "\${ input.sku }" } }`,
      `{ id: each, ${getProduct}, for_each: { items: input.skus, as: sku }, condition: has(rate.rate), request: { sku: "\${ sku }" } }`,
    ),
  );
  expect(steps.map(({ id, reads }) => [id, reads])).toEqual([
    ['rate', ['product']],
    ['product', []],
    ['each', ['rate']],
  ]);
});

it.each<[string, string, string[]]>([
  [
    'a cycle, named',
    stepsOf(
      `{ id: a, ${getProduct}, request: { sku: "\${ c.product.sku }" } }`,
      `{ id: b, ${getProduct}, request: { sku: "\${ a.product.sku }" } }`,
      `{ id: c, ${getProduct}, request: { sku: "\${ b.product.sku }" } }`,
    ),
    ['2:5 steps[0]: a circle in which each step waits for the next: a reads c reads b reads a'],
  ],
  [
    'a step that reads itself',
    stepsOf(`{ id: a, ${getProduct}, request: { sku: "\${ a.product.sku }" } }`),
    ['2:5 steps[0]: a reads its own result, which is there only when it has ended'],
  ],
  [
    'an unknown name',
    stepsOf(`{ id: product, ${getProduct}, request: { sku: "\${ inpt.sku }" } }`),
    ['2:75 steps[0].request.sku: nothing is called inpt here; did you mean input?'],
  ],
  [
    'an unknown method',
    stepsOf('{ id: a, method: shop.catalog.v1.Catalog/GetProdukt }'),
    [
      '2:14 steps[0].method: no method shop.catalog.v1.Catalog/GetProdukt is registered; did you mean shop.catalog.v1.Catalog/GetProduct?',
    ],
  ],
  [
    'an unknown method that is like none, with those that there are',
    stepsOf('{ id: a, method: shop.fulfillment.v1.Fulfillment/EntirelyDifferentThing }'),
    [
      '2:14 steps[0].method: no method shop.fulfillment.v1.Fulfillment/EntirelyDifferentThing is registered; there are shop.fulfillment.v1.Fulfillment/Fulfill, shop.fulfillment.v1.Fulfillment/GetShipment',
    ],
  ],
  [
    'a method that streams',
    stepsOf('{ id: a, method: trivium.calls.v1.Calls/Run }'),
    [
      expect.stringContaining(
        'trivium.calls.v1.Calls/Run streams; a plan calls unary methods only',
      ),
    ],
  ],
  [
    'a field that the message does not have',
    stepsOf(`{ id: a, ${getProduct}, request: { skuu: X } }`),
    [
      '2:69 steps[0].request.skuu: shop.catalog.v1.GetProductRequest has no field skuu; did you mean sku?',
    ],
  ],
  [
    'a field that a reply does not have',
    stepsOf(
      `{ id: a, ${getProduct}, request: { sku: MUG } }`,
      `{ id: b, ${getProduct}, request: { sku: "\${ a.product.weightGrams }" } }`,
    ),
    [
      '3:69 steps[1].request.sku: shop.catalog.v1.Product has no field weightGrams; did you mean weight_grams?',
    ],
  ],
  [
    'literals and expressions of a wrong type',
    stepsOf(
      `{ id: a, ${getProduct}, request: { sku: 5 } }`,
      `{ id: b, ${getProduct}, request: { sku: "\${ a.product.weight_grams }" } }`,
      `{ id: c, method: shop.inventory.v1.Inventory/Reserve, request: { lines: { sku: X }, ttl: 3s, reservation_id: [1] } }`,
    ),
    [
      '2:69 steps[0].request.sku: must be a text (in quotes), not 5',
      '3:69 steps[1].request.sku: must be string, but the expression gives int: use string(…)',
      '4:70 steps[2].request.lines: must be a list, not an object',
      '4:98 steps[2].request.reservation_id: must be a text (in quotes), not a list',
    ],
  ],
  [
    'a request that is no object',
    stepsOf(
      `{ id: a, ${getProduct}, request: [1] }`,
      `{ id: b, ${getProduct}, request: "\${ a }" }`,
    ),
    [
      '2:58 steps[0].request: must be an object, not a list',
      '3:58 steps[1].request: must be an object, not "${ a }"',
    ],
  ],
  [
    'hedges and retries of a method that is not declared safe',
    stepsOf(`{ id: a, ${call}, hedge: {}, retry: { max_attempts: 3 } }`),
    [
      expect.stringMatching(/^2:51 steps\[0\]\.hedge: .* declares no idempotency_level/),
      expect.stringMatching(/^2:62 steps\[0\]\.retry: .* leave retry out, or declare the method/),
    ],
  ],
  [
    'reserved names, and names twice',
    stepsOf(
      `{ id: input, ${getProduct} }`,
      `{ id: for, ${getProduct} }`,
      `{ id: a, ${getProduct} }`,
      `{ id: a, ${getProduct}, for_each: { items: "[1]", as: in } }`,
    ),
    [
      "2:7 steps[0].id: input is what expressions call the plan's own input",
      '3:7 steps[1].id: for is a reserved word: take another name',
      '5:7 steps[3].id: steps[2] is called a too',
      '5:84 steps[3].for_each.as: in is a reserved word: take another name',
    ],
  ],
  [
    'an undo that reads what may not be there',
    stepsOf(
      `{ id: a, ${getProduct}, request: { sku: X } }`,
      `{ id: b, ${authorize}, undo: { method: shop.payments.v1.Payments/Void, request: { payment_id: "\${ a.product.sku }" } } }`,
    ),
    [
      '3:107 steps[1].undo.request: reads a, which may not be there when b is undone; an undo can read b, input and what b waited for (no other step)',
    ],
  ],
  [
    'what is no list where one is gone through, and no condition where one decides',
    stepsOf(
      `{ id: a, ${getProduct}, for_each: { items: '"x"' }, condition: "1 + 1", timeout: 500ms, request: { sku: X } }`,
    ),
    [
      '2:70 steps[0].for_each.items: must be a list, not string',
      '2:86 steps[0].condition: must be true or false, not int',
      '2:106 steps[0].timeout: must be a duration in seconds, such as "0.5s", not "500ms"',
    ],
  ],
  [
    'an expression in ${ } where there can be nothing else',
    stepsOf(`{ id: a, ${getProduct}, condition: "\${ input.x }", request: { sku: X } }`),
    ['2:58 steps[0].condition: is an expression as it stands: leave ${ } out'],
  ],
  ['no steps', 'name: a', [expect.stringMatching(/^1:1 steps: must contain at least 1 item/)]],
  [
    'no plan at all',
    '[1]',
    ['1:1: must be an object, the fields of a trivium.calls.v1.Plan, not a list'],
  ],
  [
    'a key twice',
    'name: a\nname: b',
    [expect.stringMatching(/^2:1 name: name stands here twice$/)],
  ],
  [
    'no YAML, with the place and a way out',
    stepsOf('id: a', '  request: { }').replace('{ }', '${ input.x ? 1 : 2 }'),
    [expect.stringMatching(/^3:\d+: not YAML: .*; quote a value that holds/)],
  ],
])('refuses %s', (_, text, expected) => {
  expect(problemsOf(text)).toEqual(expected);
});

it.each(['name', 'serves', 'id', 'method', 'as', 'undo'])(
  'refuses an address in %s, and says that a plan never holds one',
  (field) => {
    for (const address of [
      'unix:/run/x.sock',
      'http://10.0.0.1/x',
      'localhost:50051',
      '[::1]:80',
    ]) {
      const of = (name: string, otherwise: string) => (name === field ? address : otherwise);
      const text = JSON.stringify({
        name: of('name', ''),
        serves: of('serves', ''),
        steps: [
          {
            id: of('id', 'a'),
            method: of('method', 'shop.catalog.v1.Catalog/GetProduct'),
            for_each: { items: '[1]', as: of('as', '') },
            undo: { method: of('undo', 'shop.catalog.v1.Catalog/GetProduct') },
          },
        ],
      });
      expect(problemsOf(text).filter((line) => line.includes('is an address'))).toHaveLength(1);
    }
  },
);

it('tells everything that is wrong at once, in the order of the text', () => {
  const problems = problemsOf(`
name: Bad Name
failure_policy: collect
stps: []
steps:
  - { id: a, method: nowhere/None, request: { sku: 1 } }
  - { id: b, ${getProduct}, request: { sku: [], other: "\${ c }" } }
`);
  expect(problems.map((line) => line.split(': ')[0])).toEqual([
    '2:1 name',
    '3:1 failure_policy',
    '4:1 stps',
    '6:14 steps[0].method',
    '7:69 steps[1].request.sku',
    '7:78 steps[1].request.other',
  ]);
});

it('checks a plan that serves a method against its request and its reply', () => {
  const text = (result: string) => `
serves: shop.checkout.v1.Checkout/GetOrder
steps:
  - { id: a, ${getProduct}, request: { sku: "\${ input.order_id }" } }
${result}`;
  expect(problemsOf(text(''))).toEqual(
    ['2:1: result: must be set: it is what shop.checkout.v1.Checkout/GetOrder replies'].map(
      (line) => line.replace('2:1: result', '2:1 result'),
    ),
  );
  expect(problemsOf(text('result: { order: "${ input.orderId }" }'))).toEqual([
    '5:11 result.order: shop.checkout.v1.GetOrderRequest has no field orderId; did you mean order_id?',
  ]);
  expect(problemsOf(text('result: { order: "${ a.product }" }'))).toEqual([
    '5:11 result.order: must be shop.checkout.v1.Order, but the expression gives shop.catalog.v1.Product',
  ]);
  expect(problemsOf(text('').replace('GetOrder', 'WatchOrder'))[0]).toMatch(/streams/);
});

it('checks a plan that came as a message, without lines', () => {
  const plan = Plan.fromPartial({ steps: [{ id: 'a', method: 'x.Y/Z' }] });
  const refused = () => compilePlan(plan, { methods: shopMethods });
  expect(refused).toThrow(PlanRefused);
  expect(refused).toThrow(/^steps\[0\]\.method: no method x\.Y\/Z is registered/);
});

it('becomes an INVALID_ARGUMENT with each problem as a violation', () => {
  try {
    load(stepsOf(`{ id: a, ${getProduct}, request: { skuu: X, b: 1 } }`));
    throw new Error('it was taken');
  } catch (error) {
    expect(error).toBeInstanceOf(PlanRefused);
    const rpcError = (error as PlanRefused).toRpcError();
    expect(rpcError.code).toBe(Code.INVALID_ARGUMENT);
    expect(findDetail(rpcError, BadRequest)?.fieldViolations).toEqual([
      expect.objectContaining({ field: 'steps[0].request.skuu' }),
      expect.objectContaining({ field: 'steps[0].request.b' }),
    ]);
  }
});

it('checks all but methods when there are none to check against', () => {
  const text = stepsOf('{ id: a, method: x.Y/Z, request: { any: "${ inputt }" } }');
  expect(problemsOf(text, { methods: undefined })).toEqual([
    '2:40 steps[0].request.any: nothing is called inputt here; did you mean input?',
  ]);
});
