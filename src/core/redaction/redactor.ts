// Takes out of recorded text what must not be kept: secrets by value and by shape, personal data, and what an
// administrator's own patterns find. Takes time in proportion to the text, whatever it holds.
import { compilePattern, type LinearPattern } from "../../lib/linear-pattern/linear-pattern.ts";
import type { KnownSecrets } from "./known-secrets.ts";
import { personalShapes } from "./personal-data.ts";
import { secretShapes, type Shape } from "./secret-shapes.ts";

export interface RedactionRules {
  /** Secrets that are told by their shape. Those that are known by value are always taken out. */
  readonly secrets: boolean;
  readonly personalData: boolean;
  /** Patterns of `linear-pattern.ts`. */
  readonly patterns: readonly string[];
}

const knownMask = "<secret>";
const patternMask = "<redacted>";

export class Redactor {
  readonly #shapes: readonly Shape[];
  readonly #patterns: readonly LinearPattern[];

  /** @throws SyntaxError for a pattern that cannot be read */
  constructor({ secrets, personalData, patterns }: RedactionRules) {
    this.#shapes = [...(secrets ? secretShapes : []), ...(personalData ? personalShapes : [])];
    this.#patterns = patterns.map(compilePattern);
  }

  redact(text: string, known: readonly KnownSecrets[]): string {
    let redacted = text;
    for (const secrets of known) redacted = secrets.mask(redacted, knownMask);
    const lower = redacted.toLowerCase();
    for (const shape of this.#shapes) {
      if (shape.hints.some((hint) => lower.includes(hint))) redacted = withoutShape(redacted, shape);
    }
    for (const pattern of this.#patterns) redacted = pattern.replaceAll(redacted, patternMask);
    return redacted;
  }
}

function withoutShape(text: string, { pattern, mask, holds }: Shape): string {
  return text.replace(pattern, (found: string, kept: unknown) => {
    if (holds?.(found) === false) return found;
    return typeof kept === "string" ? kept + mask : mask;
  });
}
