import { Code, RpcError } from '@trivium/rpc';
import { loadPlan } from '../load-plan.ts';
import type { PlanOutcome, StepOutcome } from '../run/outcome.ts';
import { stepsOf } from '../spec/problems-of.ts';
import { shopMethods } from '../spec/shop-methods.ts';
import { drawGraphSvg } from './graph-svg.ts';
import { drawGraph } from './graph-text.ts';
import { layersOf } from './layout.ts';
import { graphOf, type GraphNode, type PlanGraph } from './plan-graph.ts';
import { drawWaterfallSvg } from './waterfall-svg.ts';
import { drawWaterfall } from './waterfall-text.ts';
import { waterfallOf } from './waterfall.ts';

const node = (id: string, ...reads: string[]): GraphNode => ({
  ...{ id, method: `Service/${id.toUpperCase()}`, notes: [], reads },
});
const graph = (...nodes: GraphNode[]): PlanGraph => ({ title: 'a <plan>', description: '', nodes });
const diamond = graph(node('a'), node('b', 'a'), node('c', 'a'), node('d', 'b', 'c', 'a'));

const compiled = loadPlan(
  `name: quote\n${stepsOf(
    '{ id: product, method: shop.catalog.v1.Catalog/GetProduct, request: { sku: X }, optional: true, hedge: {} }',
    '{ id: rates, method: shop.shipping.v1.Shipping/QuoteRate, for_each: { items: input.carriers, as: carrier }, condition: product != null }',
  )}`,
  { methods: shopMethods },
);

const step = (id: string, startMs: number, endMs: number, more: Partial<StepOutcome> = {}) => ({
  ...({ step: id, state: 'succeeded', startMs, endMs, waitedFor: [], attempts: 1 } as const),
  ...more,
});
const outcome: PlanOutcome = {
  steps: [
    step('product', 0, 40, { slackMs: 0 }),
    step('rates', 40, 100, { slackMs: 0 }),
    step('rates', 40, 60, { index: 0, slackMs: 40, attempts: 2 }),
    step('rates', 40, 100, {
      ...{ index: 1, state: 'failed', slackMs: 0 },
      error: new RpcError(Code.UNAVAILABLE, 'it is <down>'),
    }),
  ],
  criticalPath: ['product', 'rates[1]', 'rates'],
  durationMs: 100,
};
const waterfall = waterfallOf(compiled, outcome);

it('says of each step what it calls and what is special about it', () => {
  expect(graphOf(compiled)).toEqual({
    title: 'quote',
    description: '',
    nodes: [
      { id: 'product', method: 'Catalog/GetProduct', notes: ['optional', 'hedge'], reads: [] },
      {
        ...{ id: 'rates', method: 'Shipping/QuoteRate', notes: ['each carrier', 'if'] },
        reads: ['product'],
      },
    ],
  });
});

it('puts every step below all that it reads, and lines through the layers between', () => {
  const layers = layersOf(diamond.nodes);
  expect(layers.map((layer) => layer.map((slot) => slot.node?.id ?? '|').sort())).toEqual([
    ['a'],
    ['b', 'c', '|'],
    ['d'],
  ]);
  const chain = Array.from({ length: 1000 }, (_, index) =>
    node(`s${index}`, ...(index > 0 ? [`s${index - 1}`] : [])),
  );
  expect(layersOf(chain.toReversed())).toHaveLength(1000);
  const mesh = chain.map((step, index) => ({
    ...step,
    reads: index > 0 ? ['s0', `s${index - 1}`] : [],
  }));
  expect(drawGraph(graph(...mesh))).toHaveLength(2000);
  expect(drawGraphSvg(graph(...mesh)).match(/class="edge"/g)).toHaveLength(1998);
});

it('draws boxes and lines that lead from each step to those that read it', () => {
  const rows = drawGraph(graph(node('a'), node('b', 'a')));
  expect(rows).toEqual([
    '┌───────────┐',
    '│ a         │',
    '│ Service/A │',
    '│           │',
    '└──────┬────┘',
    '      ╭╯',
    '┌─────▼─────┐',
    '│ b         │',
    '│ Service/B │',
    '│           │',
    '└───────────┘',
  ]);
  const text = drawGraph(diamond).join('\n');
  for (const { id } of diamond.nodes) expect(text).toContain(`│ ${id} `);
  expect(text.match(/▼/g)).toHaveLength(3);
});

it('lists the layers of a plan that is wider than the terminal', () => {
  const wide = graph(
    ...Array.from({ length: 50 }, (_, index) => node(`s${index}`)),
    node('z', 's1'),
  );
  const rows = drawGraph(wide, { columns: 40 });
  expect(rows[0]).toBe('layer 1, at once: 50');
  expect(rows.slice(-2)).toEqual(['layer 2, after layer 1: 1', '  z  Service/Z  ← s1']);
});

it('draws a run with a line for each call, its part of the critical path and its slack', () => {
  const rows = drawWaterfall(waterfall, { columns: 100 });
  expect(rows[0]).toBe('quote: 100 ms');
  expect(rows[1]).toMatch(/^product {2}█{20} {30} {4}40 ms {2}critical$/);
  expect(rows[3]).toMatch(/^rates\[0\] {21}▒{10}·{20} {4}20 ms {2}2 attempts, slack 40 ms$/);
  expect(rows[4]).toMatch(/^rates\[1\] {21}×{30} {4}60 ms {2}critical, failed: it is/);
  expect(drawWaterfall(waterfall, { colours: true }).join('')).toContain('\u001b[');
  expect(rows.join('')).not.toContain('\u001b[');
});

it('draws a run in which nothing was called', () => {
  const refused = {
    steps: [],
    criticalPath: [],
    durationMs: 0,
    error: new RpcError(Code.INVALID_ARGUMENT, 'no'),
  };
  expect(drawWaterfall(waterfallOf(compiled, refused))).toEqual(['quote: 0.0 ms, failed: no']);
  expect(drawWaterfallSvg(waterfallOf(compiled, refused))).toContain('</svg>');
});

it.each([
  ['graph', drawGraphSvg(diamond), 4],
  ['waterfall', drawWaterfallSvg(waterfall), 4],
])(
  'draws a %s as an SVG that stands alone, for light and dark, with words for those who do not see',
  (_, svg, boxes) => {
    expect(svg).toMatch(
      /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [^>]*role="img" aria-labelledby="title desc">/,
    );
    expect(svg).toMatch(/<title id="title">[^<]+<\/title>\n<desc id="desc">[^<]+<\/desc>/);
    expect(svg).toContain('prefers-color-scheme: dark');
    expect(svg).not.toMatch(/<script|<image|href|url\(|@import|<(plan|down)>/);
    expect(svg.match(/<rect class="(box|bar)/g)).toHaveLength(boxes);
    // Every tag that is opened is closed.
    const open = svg.match(/<[a-z]+[^>]*[^/]>/g)!.length;
    expect(svg.match(/<\/[a-z]+>/g)).toHaveLength(open);
  },
);

it('draws no box of an SVG over another, or off the page', () => {
  const svg = drawGraphSvg(diamond);
  const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg)!.map(Number);
  const boxes = [
    ...svg.matchAll(/class="box" x="([\d.]+)" y="(\d+)" width="([\d.]+)" height="(\d+)"/g),
  ].map((match) => match.slice(1).map(Number) as [number, number, number, number]);
  expect(boxes).toHaveLength(4);
  for (const [index, [x, y, w, h]] of boxes.entries()) {
    expect(x >= 0 && y >= 0 && x + w <= width! && y + h <= height!).toBe(true);
    for (const [otherX, otherY, otherW, otherH] of boxes.slice(index + 1)) {
      const apart =
        x + w <= otherX || otherX + otherW <= x || y + h <= otherY || otherY + otherH <= y;
      expect(apart).toBe(true);
    }
  }
});
