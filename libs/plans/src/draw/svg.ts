/** A text as it may stand in SVG, between tags and in attributes. */
export function escapeXml(text: string): string {
  return text.replace(
    /[&<>"']/g,
    (character) =>
      ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' })[character]!,
  );
}

/** What a picture is, and how large. */
export interface SvgPage {
  readonly width: number;
  readonly height: number;
  /** What screen readers call it. */
  readonly title: string;
  /** What screen readers say that it shows. */
  readonly description: string;
  readonly content: readonly string[];
}

/**
 * A picture that stands alone: no script, no font or style from elsewhere, light or dark as its
 * reader prefers.
 */
export function svgPage({ width, height, title, description, content }: SvgPage): string {
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-labelledby="title desc">`,
    `<title id="title">${escapeXml(title)}</title>`,
    `<desc id="desc">${escapeXml(description)}</desc>`,
    `<style>${style}</style>`,
    `<rect class="page" width="${width}" height="${height}"/>`,
    ...content,
    '</svg>',
    '',
  ].join('\n');
}

/** A text at a place; `kind` is one of the classes of the style. */
export function svgText(x: number, y: number, kind: string, text: string): string {
  return `<text x="${round(x)}" y="${round(y)}" class="${kind}">${escapeXml(text)}</text>`;
}

/** A number as short as a picture needs it. */
export const round = (value: number): number => Math.round(value * 10) / 10;

const style = `
text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #1f2328; }
.page { fill: #ffffff; }
.title { font-weight: bold; font-size: 15px; }
.id { font-weight: bold; }
.dim, .notes, .axis { fill: #59636e; }
.notes, .axis { font-size: 11px; }
.end { text-anchor: end; }
.box { fill: #f6f8fa; stroke: #818b98; }
.optional { stroke-dasharray: 4 3; }
.edge { fill: none; stroke: #818b98; stroke-width: 1.3; }
.tip { fill: #818b98; }
.grid { stroke: #d1d9e0; }
.bar { fill: #54aeff; }
.bar.critical { fill: #bc4c00; }
.bar.failed { fill: #cf222e; }
.slack { stroke: #54aeff; stroke-width: 2; stroke-dasharray: 2 3; }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc; }
  .page { fill: #0d1117; }
  .dim, .notes, .axis { fill: #9198a1; }
  .box { fill: #151b23; stroke: #656c76; }
  .edge { stroke: #656c76; }
  .tip { fill: #656c76; }
  .grid { stroke: #2f3742; }
  .bar { fill: #388bfd; }
  .bar.critical { fill: #f0883e; }
  .bar.failed { fill: #f85149; }
  .slack { stroke: #388bfd; }
}
`;
