// Draws a picture on a canvas with uPlot; loaded when the first chart is shown. Knows colours by their tokens, no React.
import uPlot from "uplot";
import { endOf, extent, stacked, type ChartPicture, type ChartSeries, type TimeRange } from "./picture.ts";
import type { Palette } from "./palette.ts";
import { countTicks, offsetOf, roundTicks, tickText, timeTicks } from "./scale.ts";
import { axisOf } from "./values.ts";

export interface DrawOptions {
  readonly width: number;
  readonly height: number;
  readonly language: "en" | "zh";
  readonly isUtc: boolean;
  readonly colour: Palette;
  /** Scales are known: positions can be set. */
  readonly onReady: () => void;
  /** The pointer is over a time, or has left. */
  readonly onMove: (ms: number | null) => void;
  /** A stretch was brushed, or a point clicked (`fromMs` = `toMs`). */
  readonly onSelect: (range: TimeRange) => void;
}

export interface Drawn {
  readonly setCrosshair: (ms: number | null) => void;
  readonly setBand: (band: TimeRange | null) => void;
  readonly destroy: () => void;
}

const axisFont = '11.5px "Hanken Grotesk Variable", system-ui, sans-serif';
/** Upper bound of a band of a heat map over its lower one: the gateway counts in four steps of a tenth. */
const bandGrowth = 1.1 ** 4;

/** The lines in the order in which they are drawn, each with what it is made of. */
interface Line {
  readonly series: ChartSeries;
  readonly values: readonly (number | null)[];
}

function linesOf(picture: ChartPicture): readonly Line[] {
  const flat = picture.series.map((series): Line => ({ series, values: series.values }));
  if (picture.kind !== "area" && picture.kind !== "bars") return flat;
  const parts = picture.series.filter(({ dashed }) => dashed !== true);
  const sums = stacked(parts);
  const stack = parts.map((series, index): Line => ({ series, values: sums[index] ?? [] }));
  // The highest first: each one covers what is below it.
  return [...stack.toReversed(), ...flat.filter(({ series }) => series.dashed === true)];
}

function ticksOf(picture: ChartPicture, lines: readonly Line[]): number[] {
  if (picture.heat !== undefined) return heatTicks(picture.heat.map(({ upperMs }) => upperMs));
  const [least, most] = extent([
    ...lines.map(({ values }) => values),
    ...(picture.threshold === undefined ? [] : [[picture.threshold]]),
  ]) ?? [0, 1];
  // Half a request is no tick.
  if ((picture.unit === "count" || picture.unit === "tokens") && least >= 0) return countTicks(most);
  const ticks = roundTicks(picture.fromZero === false ? least : Math.min(0, least), most);
  return picture.most === undefined ? ticks : ticks.filter((tick) => tick <= (picture.most ?? 0));
}

/** Powers of ten and their parts between the bounds, as logarithms: so a heat map's axis is divided. */
function heatTicks(bounds: readonly number[]): number[] {
  const least = Math.min(...bounds) / bandGrowth;
  const most = Math.max(...bounds);
  const first = Math.floor(Math.log10(least));
  const powers = Array.from(
    { length: Math.ceil(Math.log10(most)) - first + 1 },
    (_, at) => 10 ** (first + at),
  );
  const ticks = powers.flatMap((power) => (most / least > 1_000 ? [power] : [power, 2 * power, 5 * power]));
  const inside = ticks.filter((tick) => tick >= least && tick <= most);
  return [least, ...inside, most].map((tick) => Math.log10(tick));
}

function seriesOptions(picture: ChartPicture, lines: readonly Line[], colour: Palette): uPlot.Series[] {
  const bars = uPlot.paths.bars?.({ size: [0.76, 28], align: 0 });
  return lines.map(({ series }, index) => {
    const stroke = colour(series.colour);
    if (picture.kind === "bars" && series.dashed !== true && bars !== undefined)
      return { stroke, fill: stroke, width: 0, paths: bars, points: { show: false } };
    const isArea = picture.kind === "area" && series.dashed !== true;
    const isLast = index === lines.length - 1 || lines[index + 1]?.series.dashed === true;
    return {
      stroke,
      width: 1.7,
      ...(series.dashed === true ? { dash: [4, 4], width: 1.4 } : {}),
      ...(isArea && isLast ? { fill: `${stroke}33` } : {}),
      spanGaps: false,
      // A point between two gaps has no line to be seen by.
      points: {
        show: true,
        size: 5,
        width: 0,
        fill: stroke,
        filter: (_plot: uPlot, at: number) => lonely(lines[at - 1]?.values ?? []),
      },
    };
  });
}

/** Columns whose neighbours on both sides are gaps. */
function lonely(values: readonly (number | null)[]): number[] {
  return values.flatMap((value, index) =>
    value !== null && (values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null
      ? [index]
      : [],
  );
}

function bandsOf(picture: ChartPicture, lines: readonly Line[], colour: Palette): uPlot.Band[] {
  if (picture.kind !== "area") return [];
  const parts = lines.filter(({ series }) => series.dashed !== true);
  return parts
    .slice(0, -1)
    .map(({ series }, index) => ({ series: [index + 1, index + 2], fill: `${colour(series.colour)}33` }));
}

function axesOf(
  picture: ChartPicture,
  ticks: readonly number[],
  options: DrawOptions,
  colour: Palette,
): uPlot.Axis[] {
  const endMs = endOf(picture);
  const span = { startMs: picture.startMs, endMs };
  const offset = offsetOf(endMs, options.isUtc);
  const isHeat = picture.heat !== undefined;
  const shown = isHeat ? ticks.slice(1, -1) : [...ticks];
  const valueOf = (tick: number): number => (isHeat ? 10 ** tick : tick);
  const { text } = axisOf(isHeat ? "ms" : picture.unit, valueOf(ticks.at(-1) ?? 1));
  const texts = new Map(shown.map((tick) => [tick, text(valueOf(tick))]));
  const longest = Math.max(1, ...[...texts.values()].map(({ length }) => length));
  return [
    {
      stroke: colour("ink-3"),
      font: axisFont,
      size: 24,
      gap: 4,
      grid: { show: false },
      ticks: { show: false },
      border: { show: true, stroke: colour("line"), width: 1 },
      splits: () => timeTicks(span, options.width < 420 ? 4 : options.width < 700 ? 5 : 8, offset),
      values: (_plot, splits) => splits.map((ms) => tickText(ms, span, options.language, offset)),
    },
    {
      stroke: colour("ink-3"),
      font: axisFont,
      size: 12 + longest * 6.6,
      gap: 8,
      grid: { stroke: colour("grid"), width: 1 },
      ticks: { show: false },
      splits: () => shown,
      values: (_plot, splits) => splits.map((value) => texts.get(value) ?? ""),
    },
  ];
}

/** Everything that is no series: heat, shaded times, marks, the threshold. */
function drawExtras(plot: uPlot, picture: ChartPicture, colour: Palette): void {
  const { ctx, bbox } = plot;
  const x = (ms: number): number => plot.valToPos(ms, "x", true);
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const { fromMs, toMs } of picture.fired ?? []) {
    ctx.fillStyle = `${colour("bad")}26`;
    ctx.fillRect(x(fromMs), bbox.top, Math.max(2, x(toMs) - x(fromMs)), bbox.height);
  }
  drawHeat(plot, picture, colour);
  const vertical = (ms: number): void => {
    ctx.moveTo(x(ms), bbox.top);
    ctx.lineTo(x(ms), bbox.top + bbox.height);
  };
  ctx.lineWidth = uPlot.pxRatio;
  ctx.setLineDash([2 * uPlot.pxRatio, 3 * uPlot.pxRatio]);
  ctx.strokeStyle = colour("ink-3");
  ctx.beginPath();
  for (const { ms } of picture.marks ?? []) vertical(ms);
  ctx.stroke();
  if (picture.threshold !== undefined) {
    const y = plot.valToPos(picture.threshold, "y", true);
    ctx.strokeStyle = colour("bad");
    ctx.setLineDash([6 * uPlot.pxRatio, 4 * uPlot.pxRatio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
  }
  ctx.restore();
}

function drawHeat(plot: uPlot, picture: ChartPicture, colour: Palette): void {
  const { heat = [], startMs, stepMs } = picture;
  const most = Math.max(1, ...heat.flatMap(({ values }) => values.map((value) => value ?? 0)));
  const { ctx } = plot;
  ctx.fillStyle = colour("c1");
  for (const { upperMs, values } of heat) {
    const top = plot.valToPos(Math.log10(upperMs), "y", true);
    const height = plot.valToPos(Math.log10(upperMs / bandGrowth), "y", true) - top;
    for (const [column, value] of values.entries()) {
      if (value === null || value === 0) continue;
      const left = plot.valToPos(startMs + column * stepMs, "x", true);
      const right = plot.valToPos(startMs + (column + 1) * stepMs, "x", true);
      // The root brings out what is rare beside what is frequent.
      ctx.globalAlpha = 0.12 + 0.88 * Math.sqrt(value / most);
      ctx.fillRect(left, top, Math.max(1, right - left), Math.max(1, height));
    }
  }
  ctx.globalAlpha = 1;
}

function brushed(plot: uPlot): TimeRange {
  const { left, width } = plot.select;
  return { fromMs: plot.posToVal(left, "x"), toMs: plot.posToVal(left + width, "x") };
}

/** @param host empty; what is drawn stands in it until `destroy` */
export function draw(host: HTMLElement, picture: ChartPicture, options: DrawOptions): Drawn {
  const { colour } = options;
  const lines = linesOf(picture);
  const ticks = ticksOf(picture, lines);
  const [least, most] = [ticks[0] ?? 0, ticks.at(-1) ?? 1];
  const { startMs, stepMs, columns } = picture;
  const times = Array.from({ length: columns }, (_, column) => startMs + (column + 0.5) * stepMs);
  const values = lines.length === 0 ? [times.map(() => null)] : lines.map((line) => [...line.values]);
  const series = lines.length === 0 ? [{}] : seriesOptions(picture, lines, colour);
  let isPointedAt = false;
  const plot = new uPlot(
    {
      width: options.width,
      height: options.height,
      ms: 1,
      padding: [6, 8, 0, 0],
      legend: { show: false },
      series: [{}, ...series],
      bands: bandsOf(picture, lines, colour),
      scales: {
        x: { time: false, range: () => [startMs, endOf(picture)] },
        y: { range: () => [least, most] },
      },
      axes: axesOf(picture, ticks, options, colour),
      cursor: {
        y: false,
        points: { show: picture.kind === "lines" || picture.kind === "area", size: 7 },
        drag: { x: true, y: false, setScale: false, dist: 4 },
        bind: { dblclick: () => null },
      },
      hooks: {
        ready: [options.onReady],
        draw: [(drawn) => drawExtras(drawn, picture, colour)],
        setCursor: [
          ({ cursor }) => {
            const { left = -1, idx } = cursor;
            const ms = left < 0 || idx === null || idx === undefined ? null : (times[idx] ?? null);
            // A chart that is made anew tells of no pointer, and must not take the crosshair from the others.
            if (ms !== null || isPointedAt) options.onMove(ms);
            isPointedAt = ms !== null;
          },
        ],
        setSelect: [(drawn) => drawn.select.width > 0 && options.onSelect(brushed(drawn))],
      },
    },
    [times, ...values],
    host,
  );
  plot.over.addEventListener("click", ({ offsetX }) => {
    const ms = plot.posToVal(offsetX, "x");
    options.onSelect({ fromMs: ms, toMs: ms });
  });
  return {
    setCrosshair: (ms) => {
      const isIn = ms !== null && ms >= startMs && ms < endOf(picture);
      plot.setCursor({ left: isIn ? plot.valToPos(ms, "x") : -10, top: isIn ? 0 : -10 }, false);
    },
    setBand: (band) => {
      const left = band === null ? 0 : Math.max(0, plot.valToPos(band.fromMs, "x"));
      const right = band === null ? 0 : Math.min(plot.over.clientWidth, plot.valToPos(band.toMs, "x"));
      plot.setSelect(
        { left, width: Math.max(0, right - left), top: 0, height: plot.over.clientHeight },
        false,
      );
    },
    destroy: () => plot.destroy(),
  };
}
