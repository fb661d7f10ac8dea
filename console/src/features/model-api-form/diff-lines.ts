// The lines of a difference, with long stretches that stay the same folded to their count. Knows no React.

interface Part {
  readonly value: string;
  readonly added: boolean;
  readonly removed: boolean;
}

export interface DiffLine {
  /** Of a fold: the number of its lines. */
  readonly text: string;
  readonly kind: "added" | "removed" | "fold" | undefined;
}

/** Lines that stay, on either side of a change. */
const context = 3;

export function foldedLines(parts: readonly Part[]): readonly DiffLine[] {
  return parts.flatMap(({ value, added, removed }, index): DiffLine[] => {
    const texts = value.replace(/\n$/u, "").split("\n");
    if (added || removed) return texts.map((text) => ({ text, kind: added ? "added" : "removed" }));
    const before = index === 0 ? 0 : context;
    const after = index === parts.length - 1 ? 0 : context;
    const hidden = texts.length - before - after;
    // A fold of one line would save nothing.
    if (hidden < 2) return texts.map((text) => ({ text, kind: undefined }));
    return [
      ...texts.slice(0, before).map((text) => ({ text, kind: undefined })),
      { text: String(hidden), kind: "fold" },
      ...texts.slice(texts.length - after).map((text) => ({ text, kind: undefined })),
    ];
  });
}
