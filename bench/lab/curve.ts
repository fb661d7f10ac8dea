// Values that change over the time of a scenario: windows, ramps and windows that come again.
// It must not know what the value is of.

/** The value from `from` until `to`; with `endValue` on a straight line to it. Times in seconds. */
export interface Piece {
  readonly from: number;
  /** Not reached; without it to the end. */
  readonly to?: number | undefined;
  readonly value: number;
  readonly endValue?: number | undefined;
  /** The window comes again after so long, counted from `from`. */
  readonly every?: number | undefined;
  /** How long the window lasts each time. */
  readonly lasts?: number | undefined;
}

export type Curve = (seconds: number) => number;

/** Where several pieces hold, the last one counts; where none does, `otherwise`. */
export function curveOf(value: number | readonly Piece[] | undefined, otherwise: number): Curve {
  if (value === undefined) return () => otherwise;
  if (typeof value === "number") return () => value;
  const pieces = value.toReversed();
  return (seconds) => {
    for (const piece of pieces) {
      if (holds(piece, seconds)) return valueAt(piece, seconds);
    }
    return otherwise;
  };
}

function holds({ from, to, every, lasts }: Piece, seconds: number): boolean {
  if (seconds < from || (to !== undefined && seconds >= to)) return false;
  return every === undefined || lasts === undefined || (seconds - from) % every < lasts;
}

function valueAt({ from, to, value, endValue }: Piece, seconds: number): number {
  if (endValue === undefined || to === undefined) return value;
  return value + ((endValue - value) * (seconds - from)) / (to - from);
}
