// Two texts as one list of lines: kept, removed, added, with long stretches of kept lines folded. Pure.
import { diffLines } from "diff";

export interface DiffLine {
  readonly change: "kept" | "removed" | "added" | "folded";
  readonly text: string;
  /** How many lines a fold hides. */
  readonly hidden: number;
}

/** Kept lines that stay visible on each side of a change. */
const context = 3;

export function lineDiff(before: string, after: string): DiffLine[] {
  const lines = diffLines(before, after).flatMap((part) => {
    const change = part.added ? "added" : part.removed ? "removed" : "kept";
    return part.value
      .replace(/\n$/u, "")
      .split("\n")
      .map((text): DiffLine => ({ change, text, hidden: 0 }));
  });
  return fold(lines);
}

function fold(lines: readonly DiffLine[]): DiffLine[] {
  const near = new Set<number>();
  lines.forEach(({ change }, index) => {
    if (change === "kept") return;
    for (let at = index - context; at <= index + context; at += 1) near.add(at);
  });
  const folded: DiffLine[] = [];
  let hidden = 0;
  const flush = (): void => {
    if (hidden > 0) folded.push({ change: "folded", text: "", hidden });
    hidden = 0;
  };
  lines.forEach((line, index) => {
    if (!near.has(index)) {
      hidden += 1;
      return;
    }
    flush();
    folded.push(line);
  });
  flush();
  return folded;
}
