// Lines and points as SVG, readable on light and dark ground, made by hand. Knows no router.

export interface Line {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** Points without a line between them, each with its own name. */
  readonly marks?: readonly string[];
  /** Stands out. */
  readonly isOurs?: boolean;
}

export interface Axes {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly xOf: (value: number) => string;
  readonly yOf: (value: number) => string;
}

const width = 850;
const height = 440;
const left = 70;
const right = 280;
const top = 44;
const bottom = 56;
/** Told apart on white and on black, and by those who do not see red and green. */
const colours = ["#8a8f98", "#e0712c", "#3a9d5d", "#a05fc4", "#c2a012", "#d3507a"];
const ourColour = "#2f7ed8";

export function plot({ title, x, y, xOf, yOf }: Axes, lines: readonly Line[]): string {
  const all = lines.flatMap(({ points }) => points);
  const span = (values: readonly number[]) => ({ from: Math.min(...values), to: Math.max(...values) });
  const across = wide(span(all.map((point) => point.x)));
  const up = wide(span(all.map((point) => point.y)));
  const atX = (value: number) =>
    left + ((value - across.from) / (across.to - across.from)) * (width - left - right);
  const atY = (value: number) =>
    height - bottom - ((value - up.from) / (up.to - up.from)) * (height - top - bottom);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(title)}">`,
    "<style>text{font:13px system-ui,sans-serif;fill:#24292f}.s{font-size:11px}.g{stroke:#8884;stroke-width:1}@media (prefers-color-scheme:dark){text{fill:#e6edf3}}</style>",
    `<text x="${left}" y="22" font-weight="600">${escape(title)}</text>`,
    ...across.ticks.map(
      (value) =>
        `<text x="${round(atX(value))}" y="${height - bottom + 20}" text-anchor="middle">${xOf(value)}</text>`,
    ),
    ...up.ticks.map(
      (value) =>
        `<line class="g" x1="${left}" x2="${width - right}" y1="${round(atY(value))}" y2="${round(atY(value))}"/><text x="${left - 8}" y="${round(atY(value) + 4)}" text-anchor="end">${yOf(value)}</text>`,
    ),
    `<text x="${(left + width - right) / 2}" y="${height - 12}" text-anchor="middle">${escape(x)}</text>`,
    `<text transform="translate(16 ${(top + height - bottom) / 2}) rotate(-90)" text-anchor="middle">${escape(y)}</text>`,
    ...lines.map((line, at) => draw(line, colourOf(line, at), { atX, atY })),
    ...lines.map((line, at) => legend(line, colourOf(line, at), top + 8 + at * 22)),
    "</svg>",
  ];
  return `${parts.join("\n")}\n`;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** From one round number to another, with round numbers between them. */
function wide({ from, to }: Span): Span & { readonly ticks: readonly number[] } {
  const rough = (to - from) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough * 0.99) ?? 10) * power;
  const first = Math.floor(from / step + 1e-6);
  const last = Math.ceil(to / step - 1e-6);
  const ticks = Array.from({ length: last - first + 1 }, (_, at) => (first + at) * step);
  return { from: first * step, to: last * step, ticks };
}

function colourOf({ isOurs }: Line, at: number): string {
  return isOurs === true ? ourColour : (colours[at % colours.length] ?? "#888");
}

function draw(
  { points, marks, isOurs }: Line,
  colour: string,
  { atX, atY }: { readonly atX: (value: number) => number; readonly atY: (value: number) => number },
): string {
  if (marks === undefined) {
    const path = points.map(({ x, y }) => `${round(atX(x))},${round(atY(y))}`).join(" ");
    return `<polyline fill="none" stroke="${colour}" stroke-width="${isOurs === true ? 3.5 : 1.8}" stroke-linejoin="round" points="${path}"/>`;
  }
  return points
    .map(
      ({ x, y }, at) =>
        `<circle cx="${round(atX(x))}" cy="${round(atY(y))}" r="4" fill="${colour}"/><text class="s" x="${round(atX(x) + (atX(x) > (left + width - right) / 2 ? -9 : 9))}" y="${round(atY(y) + 4)}" text-anchor="${atX(x) > (left + width - right) / 2 ? "end" : "start"}">${escape(marks[at] ?? "")}</text>`,
    )
    .join("\n");
}

function legend({ name, marks, isOurs }: Line, colour: string, y: number): string {
  const x = width - right + 16;
  const sign =
    marks === undefined
      ? `<rect x="${x}" y="${y - 6}" width="16" height="${isOurs === true ? 4 : 2.5}" fill="${colour}"/>`
      : `<circle cx="${x + 8}" cy="${y - 4}" r="4" fill="${colour}"/>`;
  const weight = isOurs === true ? ' font-weight="600"' : "";
  return `${sign}<text x="${x + 24}" y="${y}"${weight}>${escape(name)}</text>`;
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
