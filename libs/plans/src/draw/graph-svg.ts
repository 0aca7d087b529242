import { layersOf, type Slot } from './layout.ts';
import type { GraphNode, PlanGraph } from './plan-graph.ts';
import { round, svgPage, svgText } from './svg.ts';

const characterWidth = 8;
const boxHeight = 66;
const layerGap = 56;
const boxGap = 24;
const margin = 24;
const headHeight = 52;
/** How wide a line that only passes a layer is. */
const passingWidth = 16;

interface Placed {
  readonly slot: Slot;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** Draws a plan as an SVG that stands alone: each step below what it reads. */
export function drawGraphSvg(graph: PlanGraph): string {
  const layers = layersOf(graph.nodes);
  const inner = Math.max(headWidth(graph), ...layers.map(widthOfLayer));
  const places = new Map<Slot, Placed>();
  layers.forEach((layer, depth) => {
    let x = margin + (inner - widthOfLayer(layer)) / 2;
    const y = margin + headHeight + depth * (boxHeight + layerGap);
    for (const slot of layer) {
      const width = widthOf(slot);
      places.set(slot, { slot, x, y, width });
      x += width + boxGap;
    }
  });
  const height = margin * 2 + headHeight + layers.length * (boxHeight + layerGap) - layerGap;
  const described = graph.nodes.map(({ id, reads }) =>
    reads.length > 0 ? `${id} after ${reads.join(', ')}` : `${id} at once`,
  );
  return svgPage({
    width: Math.ceil(inner + margin * 2),
    height,
    title: `The plan ${graph.title}`,
    description: `${graph.nodes.length} steps: ${described.join('; ')}.`,
    content: [
      svgText(margin, margin + 12, 'title', graph.title),
      svgText(margin, margin + 30, 'notes', graph.description),
      ...[...places.values()].flatMap((placed) => edgesOf(placed, places)),
      ...[...places.values()].flatMap((placed) => boxOf(placed)),
    ],
  });
}

const headWidth = ({ title, description }: PlanGraph): number =>
  Math.max(title.length * 9.5, description.length * 7);

const linesOf = ({ id, method, notes }: GraphNode): string[] => [id, method, notes.join(', ')];

const widthOf = ({ node }: Slot): number =>
  node ? Math.max(...linesOf(node).map((line) => line.length)) * characterWidth + 24 : passingWidth;

const widthOfLayer = (layer: readonly Slot[]): number =>
  layer.reduce((sum, slot) => sum + widthOf(slot) + boxGap, -boxGap);

function boxOf({ slot, x, y, width }: Placed): string[] {
  const { node } = slot;
  if (!node) return [];
  const kind = node.notes.includes('optional') ? 'box optional' : 'box';
  return [
    `<rect class="${kind}" x="${round(x)}" y="${y}" width="${round(width)}" height="${boxHeight}" rx="6"/>`,
    svgText(x + 12, y + 21, 'id', node.id),
    svgText(x + 12, y + 39, 'dim', node.method),
    svgText(x + 12, y + 56, 'notes', node.notes.join(', ')),
  ];
}

function edgesOf(from: Placed, places: ReadonlyMap<Slot, Placed>): string[] {
  const passes = from.slot.node === undefined;
  const startX = round(from.x + from.width / 2);
  const bottom = from.y + boxHeight;
  // A line that passes a layer goes straight through it.
  const straight = passes ? [`<path class="edge" d="M${startX} ${from.y}V${bottom}"/>`] : [];
  const curves = from.slot.below.flatMap((target) => {
    const to = places.get(target)!;
    const endX = round(to.x + to.width / 2);
    const half = bottom + layerGap / 2;
    const end = target.node ? to.y - 6 : to.y;
    const curve = `<path class="edge" d="M${startX} ${bottom}C${startX} ${half} ${endX} ${half} ${endX} ${end}"/>`;
    const tip = `<path class="tip" d="M${endX - 4} ${to.y - 8}h8l-4 8z"/>`;
    return target.node ? [curve, tip] : [curve];
  });
  return [...straight, ...curves];
}
