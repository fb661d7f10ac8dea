// Lines and points as SVG, readable on light and dark ground, made by hand. Knows no router.

export interface Line {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** Points without a line between them, each with its own name. */
  readonly marks?: readonly string[];
}

export interface Axes {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly xOf: (value: number) => string;
  readonly yOf: (value: number) => string;
}

const width = 760;
const height = 440;
const left = 70;
const right = 220;
const top = 44;
const bottom = 56;
/** Told apart on white and on black, and by those who do not see red and green. */
const colours = ["#2f7ed8", "#e0712c", "#3a9d5d", "#a05fc4", "#c2a012", "#8a8f98", "#d3507a"];

export function plot({ title, x, y, xOf, yOf }: Axes, lines: readonly Line[]): string {
  const all = lines.flatMap(({ points }) => points);
  const span = (values: readonly number[]) => ({ from: Math.min(...values), to: Math.max(...values) });
  const across = span(all.map((point) => point.x));
  const up = span(all.map((point) => point.y));
  const pad = (up.to - up.from) * 0.05;
  const atX = (value: number) =>
    left + ((value - across.from) / (across.to - across.from)) * (width - left - right);
  const atY = (value: number) =>
    height - bottom - ((value - up.from + pad) / (up.to - up.from + 2 * pad)) * (height - top - bottom);
  const ticks = (from: number, to: number) =>
    Array.from({ length: 6 }, (_, step) => from + ((to - from) * step) / 5);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(title)}">`,
    "<style>text{font:13px system-ui,sans-serif;fill:#24292f}.g{stroke:#8884;stroke-width:1}@media (prefers-color-scheme:dark){text{fill:#e6edf3}}</style>",
    `<text x="${left}" y="24" font-weight="600">${escape(title)}</text>`,
    ...ticks(across.from, across.to).map(
      (value) =>
        `<text x="${round(atX(value))}" y="${height - bottom + 20}" text-anchor="middle">${xOf(value)}</text>`,
    ),
    ...ticks(up.from, up.to).map(
      (value) =>
        `<line class="g" x1="${left}" x2="${width - right}" y1="${round(atY(value))}" y2="${round(atY(value))}"/><text x="${left - 8}" y="${round(atY(value) + 4)}" text-anchor="end">${yOf(value)}</text>`,
    ),
    `<text x="${(left + width - right) / 2}" y="${height - 12}" text-anchor="middle">${escape(x)}</text>`,
    `<text transform="translate(16 ${(top + height - bottom) / 2}) rotate(-90)" text-anchor="middle">${escape(y)}</text>`,
    ...lines.map((line, at) => draw(line, colours[at % colours.length] ?? "#888", { atX, atY })),
    ...lines.map(({ name }, at) => legend(name, colours[at % colours.length] ?? "#888", top + 8 + at * 22)),
    "</svg>",
  ];
  return `${parts.join("\n")}\n`;
}

function draw(
  { points, marks }: Line,
  colour: string,
  { atX, atY }: { readonly atX: (value: number) => number; readonly atY: (value: number) => number },
): string {
  if (marks === undefined) {
    const path = points.map(({ x, y }) => `${round(atX(x))},${round(atY(y))}`).join(" ");
    return `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${path}"/>`;
  }
  return points
    .map(
      ({ x, y }, at) =>
        `<circle cx="${round(atX(x))}" cy="${round(atY(y))}" r="4" fill="${colour}"><title>${escape(marks[at] ?? "")}</title></circle>`,
    )
    .join("\n");
}

function legend(name: string, colour: string, y: number): string {
  const x = width - right + 16;
  return `<rect x="${x}" y="${y - 9}" width="14" height="4" fill="${colour}"/><text x="${x + 20}" y="${y}">${escape(name)}</text>`;
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
