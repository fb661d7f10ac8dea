// One colour for a name on the whole page, as far as there are colours. Pure.
import type { ChartColour } from "../../ui/chart/picture.ts";

const palette = ["c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8"] as const satisfies readonly ChartColour[];

export interface Colours {
  /** Colours of the names of one chart; two of them never share one, but for those beyond the eighth. */
  readonly of: (names: readonly string[]) => readonly ChartColour[];
}

/** Names get their colours in the order in which they come first. */
export function pageColours(): Colours {
  const known = new Map<string, ChartColour>();
  const free = (taken: ReadonlySet<ChartColour>): ChartColour =>
    palette.find((colour) => !taken.has(colour)) ?? "rest";
  return {
    of: (names) => {
      const taken = new Set<ChartColour>();
      for (const name of names) {
        const colour = known.get(name);
        if (colour !== undefined) taken.add(colour);
      }
      const used = new Set<ChartColour>();
      return names.map((name) => {
        const wanted = known.get(name);
        if (wanted !== undefined && !used.has(wanted)) {
          used.add(wanted);
          return wanted;
        }
        // First one that nobody on the page has, then one that nobody in this chart has.
        const unused = palette.find((colour) => ![...known.values()].includes(colour) && !taken.has(colour));
        const colour = unused ?? free(new Set([...taken, ...used]));
        if (wanted === undefined && unused !== undefined) known.set(name, colour);
        taken.add(colour);
        used.add(colour);
        return colour;
      });
    },
  };
}
