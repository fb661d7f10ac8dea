// A text cut where finds begin and end, so that each piece knows what stands in it. Knows no React.

export interface Find {
  readonly check: string;
  readonly action: string;
  readonly start: number;
  readonly end: number;
}

export interface Piece {
  readonly start: number;
  readonly text: string;
  /** Names of the checks that found something here. */
  readonly checks: readonly string[];
  /** What follows of the finds here: `block` before `mask` before `observe`. */
  readonly action: string;
}

const order = ["block", "mask", "observe"];

export function markedPieces(text: string, finds: readonly Find[]): readonly Piece[] {
  const cuts = new Set([0, text.length]);
  for (const { start, end } of finds) {
    cuts.add(Math.min(Math.max(start, 0), text.length));
    cuts.add(Math.min(Math.max(end, 0), text.length));
  }
  const places = [...cuts].toSorted((a, b) => a - b);
  return places.slice(0, -1).map((start, index) => {
    const end = places[index + 1] ?? text.length;
    const here = finds.filter((find) => find.start < end && find.end > start);
    return {
      start,
      text: text.slice(start, end),
      checks: [...new Set(here.map(({ check }) => check))],
      action: order.find((action) => here.some((find) => find.action === action)) ?? "",
    };
  });
}
