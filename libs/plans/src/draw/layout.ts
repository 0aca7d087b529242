import type { GraphNode } from './plan-graph.ts';

/** A place in a layer: a step, or a line on its way to a step further down. */
export interface Slot {
  /** The step; undefined for a line that only passes. */
  readonly node: GraphNode | undefined;
  /** The places in the layer above that it is connected to. */
  readonly above: Slot[];
  /** The places in the layer below that it is connected to. */
  readonly below: Slot[];
  /** Its place in its layer, from 0. */
  order: number;
}

/** With more steps than this, lines are not led around what stands between: there would be too many. */
const MAX_ROUTED = 200;

/** How often the order of the layers is improved: more changes little. */
const SWEEPS = 4;

/** Whether lines lead through every layer between two steps. */
export const isRouted = (nodes: readonly GraphNode[]): boolean => nodes.length <= MAX_ROUTED;

/**
 * Puts each step into the layer below the last one that it reads, connects them through the layers
 * in between, and orders each layer so that few lines cross (Sugiyama, Tagawa and Toda, 1981).
 */
export function layersOf(nodes: readonly GraphNode[]): Slot[][] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const depths = depthsOf(nodes, byId);
  const layers: Slot[][] = [];
  const slots = new Map<string, Slot>();
  const addTo = (depth: number, node: GraphNode | undefined): Slot => {
    const layer = (layers[depth] ??= []);
    const slot: Slot = { node, above: [], below: [], order: layer.length };
    layer.push(slot);
    return slot;
  };
  for (const node of [...nodes].sort((a, b) => depths.get(a.id)! - depths.get(b.id)!)) {
    slots.set(node.id, addTo(depths.get(node.id)!, node));
  }
  for (const node of nodes) {
    for (const read of node.reads) {
      const from = slots.get(read);
      const to = slots.get(node.id)!;
      if (from && !isRouted(nodes)) {
        from.below.push(to);
        to.above.push(from);
      } else if (from) connect(from, to, depths.get(read)!, depths.get(node.id)!, addTo);
    }
  }
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const layer of layers) arrange(layer, 'above');
    for (const layer of layers.toReversed()) arrange(layer, 'below');
  }
  return layers;
}

function depthsOf(nodes: readonly GraphNode[], byId: ReadonlyMap<string, GraphNode>) {
  const depths = new Map<string, number>();
  // A plan may be a chain as long as it may have steps: no recursion.
  const open = [...nodes];
  while (open.length > 0) {
    const { id, reads } = open.at(-1)!;
    const missing = reads.filter((read) => byId.has(read) && !depths.has(read));
    if (depths.has(id)) open.pop();
    else if (missing.length > 0) open.push(...missing.map((read) => byId.get(read)!));
    else depths.set(id, Math.max(-1, ...reads.map((read) => depths.get(read) ?? -1)) + 1);
  }
  return depths;
}

function connect(
  from: Slot,
  to: Slot,
  fromDepth: number,
  toDepth: number,
  addTo: (depth: number, node: undefined) => Slot,
): void {
  let last = from;
  for (let depth = fromDepth + 1; depth <= toDepth; depth++) {
    const next = depth === toDepth ? to : addTo(depth, undefined);
    last.below.push(next);
    next.above.push(last);
    last = next;
  }
}

/** Orders a layer by where its neighbours stand on average. */
function arrange(layer: Slot[], side: 'above' | 'below'): void {
  const weightOf = (slot: Slot): number => {
    const neighbours = slot[side];
    if (neighbours.length === 0) return slot.order;
    return neighbours.reduce((sum, { order }) => sum + order, 0) / neighbours.length;
  };
  const weights = new Map(layer.map((slot) => [slot, weightOf(slot)]));
  layer.sort((a, b) => weights.get(a)! - weights.get(b)! || a.order - b.order);
  layer.forEach((slot, order) => (slot.order = order));
}
