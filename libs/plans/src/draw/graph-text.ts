import { Grid } from './grid.ts';
import { isRouted, layersOf, type Slot } from './layout.ts';
import type { GraphNode, PlanGraph } from './plan-graph.ts';

/** How a picture of text is drawn. */
export interface TextOptions {
  /** The widest line. Default: 100. */
  readonly columns?: number;
}

/** How many blanks stand between two boxes. */
const GAP = 2;

/** The rows of a box: its border, id, method and notes. */
const BOX_ROWS = 5;

interface Placed {
  readonly slot: Slot;
  readonly left: number;
  readonly width: number;
}

/**
 * Draws a plan as boxes and lines, each step below what it reads; as a list of layers where the boxes
 * do not fit into the columns.
 */
export function drawGraph(graph: PlanGraph, { columns = 100 }: TextOptions = {}): string[] {
  const layers = layersOf(graph.nodes);
  const widest = Math.max(0, ...layers.map((layer) => widthOfLayer(layer)));
  if (widest > columns || !isRouted(graph.nodes)) return drawList(layers, columns);
  const grid = new Grid();
  let top = 0;
  let above = new Map<Slot, Placed>();
  for (const layer of layers) {
    const placed = place(layer, widest);
    top = drawChannel(grid, { above, placed, top });
    for (const one of placed.values()) drawSlot(grid, one, top);
    top += BOX_ROWS;
    above = placed;
  }
  return grid.rows();
}

const linesOf = ({ id, method, notes }: GraphNode): string[] => [id, method, notes.join(', ')];

const widthOf = ({ node }: Slot): number =>
  node ? Math.max(...linesOf(node).map((line) => line.length)) + 4 : 3;

const widthOfLayer = (layer: readonly Slot[]): number =>
  layer.reduce((sum, slot) => sum + widthOf(slot) + GAP, -GAP);

function place(layer: readonly Slot[], widest: number): Map<Slot, Placed> {
  let left = Math.floor((widest - widthOfLayer(layer)) / 2);
  return new Map(
    layer.map((slot) => {
      const width = widthOf(slot);
      const placed = { slot, left, width };
      left += width + GAP;
      return [slot, placed];
    }),
  );
}

/** Lines come in at even columns and leave at odd ones, so that no two of them share one. */
function portsOf({ left, width }: Placed): { readonly enter: number; readonly leave: number } {
  const middle = left + Math.floor(width / 2);
  const enter = middle - (middle % 2);
  return { enter, leave: enter + 1 };
}

/** Draws the lines between two layers, a row for each place that lines leave; says where they end. */
function drawChannel(
  grid: Grid,
  {
    above,
    placed,
    top,
  }: { above: ReadonlyMap<Slot, Placed>; placed: ReadonlyMap<Slot, Placed>; top: number },
): number {
  const sources = [...above.values()].filter(({ slot }) => slot.below.length > 0);
  if (sources.length === 0) return top;
  const bottom = top + sources.length;
  sources.forEach((source, index) => {
    const row = top + index;
    const { leave } = portsOf(source);
    grid.down(leave, top - 1, row);
    for (const target of source.slot.below) {
      const { enter } = portsOf(placed.get(target)!);
      grid.across(row, leave, enter);
      grid.down(enter, row, bottom);
    }
  });
  return bottom;
}

function drawSlot(grid: Grid, placed: Placed, top: number): void {
  const { slot, left, width } = placed;
  const { enter, leave } = portsOf(placed);
  if (!slot.node) {
    grid.down(enter, top, top + 2);
    grid.across(top + 2, enter, leave);
    grid.down(leave, top + 2, top + BOX_ROWS - 1);
    return;
  }
  const inner = width - 2;
  grid.write(left, top, `┌${'─'.repeat(inner)}┐`);
  if (slot.above.length > 0) grid.write(enter, top, '▼');
  linesOf(slot.node).forEach((line, index) =>
    grid.write(left, top + 1 + index, `│ ${line.padEnd(inner - 1)}│`),
  );
  grid.write(left, top + BOX_ROWS - 1, `└${'─'.repeat(inner)}┘`);
  if (slot.below.length > 0) grid.write(leave, top + BOX_ROWS - 1, '┬');
}

/** The layers one after the other, for plans that are wider than a terminal. */
function drawList(layers: readonly (readonly Slot[])[], columns: number): string[] {
  return layers.flatMap((layer, depth) => {
    const nodes = layer.flatMap(({ node }) => node ?? []);
    const rows = nodes.map(({ id, method, notes, reads }) => {
      const told = [method, ...notes].join(', ');
      const line = `  ${id}  ${told}${reads.length > 0 ? `  ← ${reads.join(', ')}` : ''}`;
      return line.length > columns ? `${line.slice(0, columns - 1)}…` : line;
    });
    const what = depth === 0 ? 'at once' : `after layer ${depth}`;
    return [`layer ${depth + 1}, ${what}: ${nodes.length}`, ...rows];
  });
}
