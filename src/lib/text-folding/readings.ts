// All the ways in which one text can be read: as it is, and with what is encoded in it decoded. The reading of the last
// text is kept, as several checks look at the same one. Knows not what is looked for.
import { decodeEscapes } from "./decode-escapes.ts";
import { decodeRuns } from "./decode-runs.ts";
import { foldText, plainText } from "./fold.ts";
import { lettersOf, type Letters } from "./letters.ts";
import { textOf, viewOf, type TextView } from "./text-view.ts";

/** One reading; each form is made when it is first asked for. */
export class Reading {
  readonly source: TextView;
  #folded: TextView | null = null;
  #letters: Letters | null = null;
  #plain: TextView | null = null;
  #plainText: string | null = null;
  #foldedText: string | null = null;

  constructor(source: TextView) {
    this.source = source;
  }

  get folded(): TextView {
    return (this.#folded ??= foldText(this.source));
  }

  get foldedText(): string {
    return (this.#foldedText ??= textOf(this.folded));
  }

  get letters(): Letters {
    return (this.#letters ??= lettersOf(this.folded));
  }

  get plain(): TextView {
    return (this.#plain ??= plainText(this.source));
  }

  get plainText(): string {
    return (this.#plainText ??= textOf(this.plain));
  }
}

/** Remembers the readings of one text for as long as those look at it who look at once. */
export class Readings {
  #text = "";
  #readings: readonly Reading[] = [];

  of(text: string): readonly Reading[] {
    if (text === this.#text && this.#readings.length > 0) return this.#readings;
    // Nothing of what was checked stays in memory.
    if (this.#readings.length === 0) queueMicrotask(() => this.#forget());
    this.#text = text;
    this.#readings = readingsOf(text);
    return this.#readings;
  }

  #forget(): void {
    this.#text = "";
    this.#readings = [];
  }
}

/** So often may one encoding stand in another. */
const levels = 2;

function readingsOf(text: string): Reading[] {
  const readings = [new Reading(viewOf(text))];
  let level: readonly Reading[] = readings;
  for (let depth = 0; depth < levels; depth += 1) {
    const next = level.flatMap(({ source, plain }) =>
      // Escapes as they stand; runs of digits without what is unseen between them.
      [decodeEscapes(source), decodeRuns(plain)].flatMap((view) => (view === null ? [] : new Reading(view))),
    );
    readings.push(...next);
    level = next;
  }
  return readings;
}
