import { round, svgPage, svgText } from './svg.ts';
import { milliseconds, remarkOf, type Waterfall, type WaterfallRow } from './waterfall.ts';

const margin = 24;
const rowHeight = 24;
const headHeight = 58;
const barWidth = 560;
const characterWidth = 8;

/** Draws a run as an SVG that stands alone: a bar for each call, the critical path in its own colour. */
export function drawWaterfallSvg(waterfall: Waterfall): string {
  const { title, durationMs, error, rows } = waterfall;
  const labelWidth = Math.max(4, ...rows.map(({ label }) => label.length)) * characterWidth + 16;
  const remarks = rows.map((row) => {
    const took = row.state === 'skipped' ? [] : [milliseconds(row.endMs - row.startMs)];
    return [...took, ...[remarkOf(row)].filter(Boolean)].join(', ');
  });
  const remarkWidth = Math.min(420, Math.max(...remarks.map(({ length }) => length), 10) * 7 + 16);
  const left = margin + labelWidth;
  const at = (ms: number): number => left + (ms / Math.max(durationMs, 0.001)) * barWidth;
  const height = margin * 2 + headHeight + rows.length * rowHeight;
  const critical = rows.filter(({ isCritical }) => isCritical).map(({ label }) => label);
  const failed = error ? ` It failed: ${error}.` : '';
  return svgPage({
    width: Math.ceil(left + barWidth + remarkWidth + margin),
    height,
    title: `A run of the plan ${title}`,
    description: `${milliseconds(durationMs)} for ${rows.length} calls.${failed} Critical path: ${critical.join(', ') || 'none'}.`,
    content: [
      svgText(margin, margin + 12, 'title', `${title}: ${milliseconds(durationMs)}`),
      ...(error ? [svgText(margin, margin + 30, 'notes', `failed: ${error.slice(0, 140)}`)] : []),
      ...axisOf({ durationMs, at, bottom: height - margin }),
      ...rows.flatMap((row, index) =>
        rowOf(row, {
          at,
          left,
          remark: remarks[index]!,
          y: margin + headHeight + index * rowHeight,
        }),
      ),
    ],
  });
}

interface RowPlace {
  readonly at: (ms: number) => number;
  readonly left: number;
  readonly y: number;
  readonly remark: string;
}

function rowOf(row: WaterfallRow, { at, left, y, remark }: RowPlace): string[] {
  const from = at(row.startMs);
  const to = Math.max(from + 2, at(row.endMs));
  const label = svgText(left - 10, y + 16, 'end', row.label);
  const told = svgText(left + barWidth + 12, y + 16, 'notes', remark.slice(0, 60));
  if (row.state === 'skipped') return [label, told];
  const kind = ['bar', row.isCritical ? 'critical' : '', row.state === 'failed' ? 'failed' : ''];
  const slackEnd = Math.min(left + barWidth, at(row.endMs + row.slackMs));
  const slack = `<path class="slack" d="M${round(to)} ${y + 12}H${round(slackEnd)}"/>`;
  return [
    label,
    `<rect class="${kind.filter(Boolean).join(' ')}" x="${round(from)}" y="${y + 4}" width="${round(to - from)}" height="16" rx="2"/>`,
    ...(slackEnd - to > 1 ? [slack] : []),
    told,
  ];
}

function axisOf({
  durationMs,
  at,
  bottom,
}: {
  durationMs: number;
  at: (ms: number) => number;
  bottom: number;
}): string[] {
  const top = margin + headHeight;
  return [0, 0.25, 0.5, 0.75, 1].flatMap((part) => {
    const x = round(at(part * durationMs));
    return [
      `<path class="grid" d="M${x} ${top - 4}V${bottom}"/>`,
      svgText(x, top - 9, 'axis', milliseconds(part * durationMs)),
    ];
  });
}
