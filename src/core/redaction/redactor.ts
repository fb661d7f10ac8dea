// Takes out of recorded text what must not be kept: secrets by value and by shape, personal data, and what an
// administrator's own patterns find. Takes time in proportion to the text, whatever it holds.
import { compilePattern, type LinearPattern } from "../../lib/linear-pattern/linear-pattern.ts";
import type { KnownSecrets } from "./known-secrets.ts";
import { personalShapes } from "./personal-data.ts";
import { secretShapes, type Shape } from "./secret-shapes.ts";
import { withoutSplit, type Span } from "./split-text.ts";

export interface RedactionRules {
  /** Secrets that are told by their shape. Those that are known by value are always taken out. */
  readonly secrets: boolean;
  readonly personalData: boolean;
  /** Patterns of `linear-pattern.ts`. */
  readonly patterns: readonly string[];
}

/** What stands for so many characters. */
type Mask = (mask: string, length: number) => string;

/** Of private use: no text means anything by it. */
const cover = "\u{e000}";
const knownMask = "<secret>";
const patternMask = "<redacted>";

/** Whether something may have been taken out of a recorded text. */
export function looksRedacted(text: string): boolean {
  return allMasks.some((mask) => text.includes(mask));
}

const allMasks: readonly string[] = [
  ...new Set([knownMask, patternMask, ...[...secretShapes, ...personalShapes].map(({ mask }) => mask)]),
];

export class Redactor {
  readonly #shapes: readonly Shape[];
  readonly #patterns: readonly LinearPattern[];

  /** @throws SyntaxError for a pattern that cannot be read */
  constructor({ secrets, personalData, patterns }: RedactionRules) {
    this.#shapes = [...(secrets ? secretShapes : []), ...(personalData ? personalShapes : [])];
    this.#patterns = patterns.map(compilePattern);
  }

  /** @param isCut there was more of it: what it ends with may be half a secret */
  redact(text: string, known: readonly KnownSecrets[], isCut = false): string {
    const whole = withoutSplit(text, (joined) => this.#spansIn(joined, known, isCut));
    return this.#cover(whole, known, (mask) => mask);
  }

  /** What would be masked of a text, in order. */
  #spansIn(text: string, known: readonly KnownSecrets[], isCut: boolean): Span[] {
    // Each masked character keeps its place.
    const covered = this.#cover(text, known, (_mask, length) => cover.repeat(length));
    const spans: Span[] = [];
    for (let start = covered.indexOf(cover); start !== -1;) {
      let end = start;
      while (covered[end] === cover) end += 1;
      spans.push([start, end]);
      start = covered.indexOf(cover, end);
    }
    const open = isCut ? Math.max(0, ...known.map((secrets) => secrets.openEnd(covered))) : 0;
    // Even if it stands in one piece: the next one is not there to show it.
    if (open > 0) spans.push([text.length - open, text.length + 1]);
    return spans;
  }

  #cover(text: string, known: readonly KnownSecrets[], masked: Mask): string {
    let redacted = text;
    for (const secrets of known) redacted = secrets.mask(redacted, (length) => masked(knownMask, length));
    const lower = redacted.toLowerCase();
    for (const shape of this.#shapes) {
      if (shape.hints.some((hint) => lower.includes(hint))) redacted = withoutShape(redacted, shape, masked);
    }
    for (const pattern of this.#patterns) {
      redacted = pattern.replaceAll(redacted, (length) => masked(patternMask, length));
    }
    return redacted;
  }
}

function withoutShape(text: string, { pattern, mask, holds }: Shape, masked: Mask): string {
  return text.replace(pattern, (found: string, kept: unknown) => {
    if (holds?.(found) === false) return found;
    const before = typeof kept === "string" ? kept : "";
    return before + masked(mask, found.length - before.length);
  });
}
