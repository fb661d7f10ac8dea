// The learning curve as a drawing: places of points, band and grid. Knows no React and no language.

export interface CurvePoint {
  /** Labelled prompts. */
  readonly prompts: number;
  /** 0 to 1, with 95 % bounds. */
  readonly quality: { readonly value: number; readonly low: number; readonly high: number };
  /** Prompts whose chosen model has a label; 0: nothing is known of the quality. */
  readonly judged: number;
}

export interface CurvePicture {
  readonly points: readonly { readonly x: number; readonly y: number; readonly prompts: number }[];
  /** Attributes of polyline and polygon. */
  readonly line: string;
  readonly band: string;
  readonly rows: readonly { readonly y: number; readonly value: number }[];
  readonly columns: readonly { readonly x: number; readonly prompts: number }[];
}

export const curveSize = { height: 200, left: 34, right: 12, top: 10, bottom: 26 } as const;

/** Even steps of quality: the least of these that needs no more than five lines. */
const steps = [0.01, 0.02, 0.05, 0.1, 0.2] as const;
const mostRows = 5;

/** Undefined where there are not two points to join. */
export function curvePicture(curve: readonly CurvePoint[], width: number): CurvePicture | undefined {
  const known = curve.filter(({ judged }) => judged > 0);
  const [first] = known;
  const last = known.at(-1);
  if (first === undefined || last === undefined || first === last) return undefined;
  const low = Math.min(...known.map(({ quality }) => quality.low));
  const high = Math.max(...known.map(({ quality }) => quality.high));
  const step = steps.find((each) => Math.ceil(high / each) - Math.floor(low / each) < mostRows) ?? 0.2;
  const floor = Math.max(0, Math.floor(low / step) * step);
  const ceiling = Math.max(floor + step, Math.ceil(high / step) * step);
  const { height, left, right, top, bottom } = curveSize;
  // Every step doubles the labels: equal steps look equal.
  const place = (prompts: number): number => Math.log2(1 + prompts / 25);
  const span = place(last.prompts) - place(first.prompts);
  const x = (prompts: number): number =>
    round(left + ((place(prompts) - place(first.prompts)) / span) * (width - left - right));
  const y = (value: number): number =>
    round(top + ((ceiling - value) / (ceiling - floor)) * (height - top - bottom));
  const joined = (places: readonly (readonly [number, number])[]): string =>
    places.map((pair) => pair.join(",")).join(" ");
  const count = Math.round((ceiling - floor) / step);
  return {
    points: known.map(({ prompts, quality }) => ({ x: x(prompts), y: y(quality.value), prompts })),
    line: joined(known.map(({ prompts, quality }) => [x(prompts), y(quality.value)])),
    band: joined([
      ...known.map(({ prompts, quality }) => [x(prompts), y(quality.high)] as const),
      ...known.toReversed().map(({ prompts, quality }) => [x(prompts), y(quality.low)] as const),
    ]),
    rows: Array.from({ length: count + 1 }, (_, index) => {
      const value = floor + index * step;
      return { y: y(value), value };
    }),
    columns: known.map(({ prompts }) => ({ x: x(prompts), prompts })),
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
