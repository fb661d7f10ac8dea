// The Way from left to right: numbers in, shapes out. Pure; a count's width is linear, 22 px being all that arrived.
import type { WayPicture } from "./way-picture.ts";
import {
  round,
  stacked,
  stoppedAt,
  threadWidth,
  total,
  widthOf,
  type Box,
  type ColouredLine,
  type Line,
  type Point,
  type Thread,
  type WayLayout,
} from "./way-shapes.ts";

const axis = 118;
const radius = 27;
const full = 22;
/** The drawn width; narrower ones shrink the distances, down to the least. */
const drawnWidth = 1148;
export const leastWideWidth = 740;

interface Columns {
  readonly first: number;
  readonly gap: number;
  readonly boxX: number;
  readonly boxW: number;
  readonly replyX: number;
}

/** Horizontal measures for a width: all of them shrink together between the two ends. */
function columnsFor(width: number, leadsWithThread: boolean): Columns {
  const scale = Math.min(1, Math.max(0, (width - leastWideWidth) / (drawnWidth - leastWideWidth)));
  const between = (least: number, most: number): number => least + (most - least) * scale;
  const extra = Math.max(0, width - drawnWidth);
  const lead = leadsWithThread ? between(74, 104) : between(46, 58);
  // What the lead takes more than usual, the gates give.
  const gap = between(84, 126) - (lead - between(46, 58)) / 4 + extra / 12;
  const select = lead + gap * 4;
  const boxX = select + between(62, 102) + extra / 6;
  const boxW = between(178, 236) + extra / 6;
  return {
    first: round(lead),
    gap: round(gap),
    boxX: round(boxX),
    boxW: round(boxW),
    replyX: round(width - between(46, 66)),
  };
}

export function wideLayout(picture: WayPicture, width: number): WayLayout {
  const { arrived } = picture;
  const first = picture.gates[0];
  const columns = columnsFor(width, first !== undefined && stoppedAt(first) > 0);
  const gates = picture.gates.map((_, index) => ({ x: round(columns.first + columns.gap * index), y: axis }));
  const reply = { x: columns.replyX, y: axis };
  const targets = targetColumn(picture.targets.length, columns);
  const bottom = Math.max(...targets.map(({ y, h }) => y + h), 0);
  const failing = picture.targets.some(({ failed }) => failed > 0);
  const fallbacks = picture.fallbacks.map((_, index) => ({
    x: columns.boxX,
    y: bottom + 32 + index * 53,
    w: columns.boxW,
    h: 44,
  }));
  const select = gates.at(-1) ?? { x: columns.first, y: axis };
  const flow = flowOf(picture, { select, reply, targets });
  const threads = threadsOf(picture, gates, columns.gap);
  const lost =
    failing && fallbacks.length === 0 ? { x: columns.boxX + columns.boxW - 41, y: bottom + 26 } : null;
  const lowest = [
    248,
    ...fallbacks.map(({ y, h }) => y + h + 4),
    bottom + (lost === null ? 6 : 50),
    ...threads.map(({ gate }) => 268 + stopLines(picture, gate) * 16 + 8),
  ];
  return {
    form: "wide",
    width,
    height: Math.max(...lowest),
    radius,
    gap: columns.gap,
    gates,
    reply,
    walls: wallsOf(picture, gates, reply),
    bands: [
      ...bandsOf(picture, gates),
      {
        d: `M${reply.x} ${axis}H${width}`,
        width: widthOf(picture.reply?.answered ?? null, arrived, full),
      },
    ],
    splits: drawn(
      flow.splits,
      picture.targets.map(({ chosen }) => chosen),
    ),
    joins: drawn(
      flow.joins,
      picture.targets.map(({ chosen, served }) => (chosen === null ? null : served)),
    ),
    fails: failsOf(picture, targets, fallbacks, lost),
    lost,
    returns: returnsOf(picture, fallbacks, reply),
    threads,
    targets,
    fallbacks,
    sentOn: fallbacks.length > 0 && picture.sentOn > 0 ? { x: columns.boxX + 14, y: bottom + 7 } : null,
    dots: picture.targets.map((target, index) => ({
      d: `M0 ${axis}H${select.x}${after(flow.splits[index]?.d)}L${columns.boxX + columns.boxW} ${centre(targets[index])}${after(flow.joins[index]?.d)}H${width}`,
      weight: target.served,
    })),
  };
}

/** How many lines of text hang under a thread. */
export function stopLines(picture: WayPicture, gate: number): number {
  const kinds = picture.gates[gate]?.stops.length ?? 0;
  return Math.min(2, kinds) * 2 + (kinds > 2 ? 1 : 0);
}

function targetColumn(count: number, { boxX, boxW }: Columns): Box[] {
  const pitch = count <= 3 ? 72 : 56;
  const top = Math.max(22, axis - 24 - ((count - 1) * pitch) / 2);
  return Array.from({ length: count }, (_, index) => ({ x: boxX, y: top + index * pitch, w: boxW, h: 48 }));
}

function centre(box: Box | undefined): number {
  return box === undefined ? axis : box.y + box.h / 2;
}

/** A path without its first point. */
function after(d: string | undefined): string {
  return d === undefined ? "" : d.replace(/^M[\d.]+ [\d.]+/u, "");
}

function bandsOf(picture: WayPicture, gates: readonly Point[]): Line[] {
  let from = 0;
  let count = picture.arrived;
  return gates.map(({ x }, index) => {
    const line = { d: `M${from} ${axis}H${x}`, width: widthOf(count, picture.arrived, full) };
    from = x;
    count = picture.gates[index]?.passed ?? null;
    return line;
  });
}

function flowOf(
  picture: WayPicture,
  {
    select,
    reply,
    targets,
  }: { readonly select: Point; readonly reply: Point; readonly targets: readonly Box[] },
): { readonly splits: ColouredLine[]; readonly joins: ColouredLine[] } {
  const side = (counts: readonly (number | null)[]): { widths: number[]; ys: number[] } => {
    const widths = counts.map((count) => widthOf(count, picture.arrived, full));
    return { widths, ys: stacked(widths, axis - total(widths) / 2) };
  };
  const out = side(picture.targets.map(({ chosen }) => chosen));
  const back = side(picture.targets.map(({ chosen, served }) => (chosen === null ? null : served)));
  const bend = ((targets[0]?.x ?? 0) - select.x) * 0.55;
  const splits = targets.map((box, index) => {
    const from = out.ys[index] ?? axis;
    const to = centre(box);
    return {
      d: `M${select.x} ${from}C${round(select.x + bend)} ${from} ${round(box.x - bend)} ${to} ${box.x} ${to}`,
      width: out.widths[index] ?? 0,
      colour: picture.targets[index]?.colour ?? -1,
    };
  });
  const joins = targets.map((box, index) => {
    const from = centre(box);
    const to = back.ys[index] ?? axis;
    const start = box.x + box.w;
    const reach = reply.x - start;
    return {
      d: `M${start} ${from}C${round(start + reach * 0.34)} ${from} ${round(start + reach * 0.6)} ${to} ${reply.x} ${to}`,
      width: back.widths[index] ?? 0,
      colour: picture.targets[index]?.colour ?? -1,
    };
  });
  return { splits, joins };
}

/** Nothing is drawn for what did not happen, once something did. */
function drawn(lines: readonly ColouredLine[], counts: readonly (number | null)[]): ColouredLine[] {
  return lines.filter((_, index) => counts[index] !== 0);
}

function threadsOf(picture: WayPicture, gates: readonly Point[], gap: number): Thread[] {
  const counts = picture.gates.map(stoppedAt);
  const largest = Math.max(...counts);
  return gates.flatMap(({ x }, gate) => {
    const count = counts[gate] ?? 0;
    if (count === 0) return [];
    const start = round(x - gap + radius + (gap - 2 * radius) * 0.2);
    const end = round(x - gap * 0.46);
    const bend = round(start + (end - start) * 0.95);
    return [
      {
        gate,
        d: `M${start} 128C${bend} 128 ${end} 158 ${end} 188V262`,
        width: threadWidth(count, largest, 2, 5),
        end: { x: end, y: 265 },
      },
    ];
  });
}

function failsOf(
  picture: WayPicture,
  targets: readonly Box[],
  fallbacks: readonly Box[],
  lost: Point | null,
): Line[] {
  const end = fallbacks[0]?.y ?? lost?.y;
  if (end === undefined) return [];
  const largest = Math.max(...picture.targets.map(({ failed }) => failed));
  const failing = picture.targets.flatMap(({ failed }, index) => {
    const box = targets[index];
    return failed === 0 || box === undefined ? [] : [{ failed, box }];
  });
  const down = failing.map(({ failed, box }, index) => ({
    d: `M${round(box.x + box.w - 50 + index * 9)} ${box.y + box.h}V${end}`,
    width: threadWidth(failed, largest, 1.2, 3.2),
  }));
  const onward = fallbacks.slice(1).flatMap((box, index) => {
    const above = fallbacks[index];
    const failed = picture.fallbacks[index]?.failed ?? 0;
    const x = round(box.x + box.w - 41);
    return failed === 0 || above === undefined
      ? []
      : [{ d: `M${x} ${above.y + above.h}V${box.y}`, width: 1.4 }];
  });
  return [...down, ...onward];
}

function returnsOf(picture: WayPicture, fallbacks: readonly Box[], reply: Point): Line[] {
  const largest = Math.max(0, ...picture.fallbacks.map(({ served }) => served));
  return fallbacks.flatMap((box, index) => {
    const served = picture.fallbacks[index]?.served ?? 0;
    if (served === 0) return [];
    const start = box.x + box.w;
    const y = box.y + box.h / 2;
    const end = { x: reply.x - 24 + index * 4, y: reply.y + 13 + index * 6 };
    const reach = end.x - start;
    return [
      {
        d: `M${start} ${y}C${round(start + reach * (0.58 + index * 0.1))} ${y} ${round(start + reach * (0.64 + index * 0.04))} ${end.y + 7} ${end.x} ${end.y}`,
        width: threadWidth(served, largest, 1.4, 2.6),
      },
    ];
  });
}

function wallsOf(picture: WayPicture, gates: readonly Point[], reply: Point): string {
  const on = gates.filter((_, index) => picture.gates[index]?.on === true);
  return [...on, reply].map(({ x }) => `M${x} 44V88M${x} 148V192`).join("");
}
