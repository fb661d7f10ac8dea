// All texts of one body, judged together: one after the other, and where one goes over into the next also as if nothing
// stood between them, so that what was cut over several parts is found. Must not know where the texts come from.
import { isUtf8 } from "node:buffer";
import { literalOffsets } from "../../lib/json-strings.ts";
import type { Edit } from "../../lib/json-splice.ts";
import type { Judge } from "./judge.ts";
import { TextWindow, type MaskedRange } from "./text-window.ts";

/** A text with its place in the bytes that it was read from. */
export interface Segment {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** `literal`: a JSON string with its quotes. `plain`: the bytes themselves. `fixed`: cannot be changed. */
  readonly form: "literal" | "plain" | "fixed";
  /** Stands beside what is said: that goes over it as if it were not there. */
  readonly aside?: boolean;
}

/** Characters that are judged at once. */
const stepCharacters = 64 * 1024;
/** Remote checks are asked about so many characters of a whole body at once. */
const remoteCharacters = 30_000;

/** Part of a segment in a joined text. */
interface Run {
  readonly at: number;
  readonly length: number;
  readonly segment: Segment;
  /** Where the part begins in the segment. */
  readonly unit: number;
}

class JoinedText {
  readonly window: TextWindow;
  readonly #runs: Run[] = [];
  #unjudged = 0;

  constructor(judge: Judge, options: { readonly seamsOnly: boolean; readonly repeats: boolean }) {
    const { seamsOnly, repeats } = options;
    this.window = new TextWindow(judge, {
      remoteCharacters,
      repeats,
      localOnly: seamsOnly,
      ...(seamsOnly ? { skips: (start: number, end: number) => this.#isWithinOne(start, end) } : {}),
    });
  }

  append(text: string): void {
    this.window.append(text);
    this.#unjudged += text.length;
  }

  take(segment: Segment, from: number, to: number): void {
    this.#runs.push({ at: this.window.length, length: to - from, segment, unit: from });
    this.append(segment.text.slice(from, to));
  }

  /** Judges once enough has come. True: it has. */
  step(): boolean {
    if (this.#unjudged < stepCharacters) return false;
    this.#unjudged = 0;
    this.window.judge(false);
    return true;
  }

  #firstRun(position: number): number {
    let low = 0;
    let high = this.#runs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const run = this.#runs[middle];
      if (run !== undefined && run.at + run.length <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #isWithinOne(start: number, end: number): boolean {
    const first = this.#runs[this.#firstRun(start)];
    const last = this.#runs[this.#firstRun(end - 1)];
    return first === undefined || last === undefined || first.segment === last.segment;
  }

  /** Hands out the part of each segment that is to be masked. */
  eachMask(take: (segment: Segment, range: MaskedRange) => void): void {
    for (const { start, end, text } of this.window.masks) {
      let shown = text;
      for (let at = this.#firstRun(start); at < this.#runs.length; at++) {
        const run = this.#runs[at];
        if (run === undefined || run.at >= end) break;
        const from = Math.max(start, run.at) - run.at + run.unit;
        const to = Math.min(end, run.at + run.length) - run.at + run.unit;
        take(run.segment, { start: from, end: to, text: shown });
        shown = "";
      }
    }
  }
}

export class WholeText {
  readonly #judge: Judge;
  readonly #joined: JoinedText;
  readonly #tight: JoinedText;
  readonly #asides: JoinedText;
  #segments = 0;

  /** @param repeats what it says was said and noted before */
  constructor(judge: Judge, repeats = false) {
    this.#judge = judge;
    this.#joined = new JoinedText(judge, { seamsOnly: false, repeats });
    this.#tight = new JoinedText(judge, { seamsOnly: true, repeats });
    this.#asides = new JoinedText(judge, { seamsOnly: true, repeats });
  }

  /** Takes a text in; stops after each piece of work. */
  *add(segment: Segment): Generator<void> {
    const { text } = segment;
    if (text === "") return;
    if (this.#segments > 0) this.#joined.append("\n");
    this.#segments += 1;
    for (let from = 0; from < text.length; from += stepCharacters) {
      this.#joined.take(segment, from, Math.min(text.length, from + stepCharacters));
      if (this.#joined.step()) yield;
    }
    // Only the ends of a long text meet others.
    const edge = 2 * this.#judge.checks.reach;
    const tight = segment.aside === true ? this.#asides : this.#tight;
    if (text.length <= 2 * edge) {
      tight.take(segment, 0, text.length);
    } else {
      tight.take(segment, 0, edge);
      tight.append("\n");
      tight.take(segment, text.length - edge, text.length);
    }
    if (tight.step()) yield;
  }

  /** All has come. Undefined: all is judged; else it will be. */
  finish(): Promise<void> | undefined {
    this.#joined.window.judge(true);
    if (this.#segments > 1) {
      this.#tight.window.judge(true);
      this.#asides.window.judge(true);
    }
    return this.#joined.window.asking === null ? undefined : this.#answered();
  }

  async #answered(): Promise<void> {
    const { window } = this.#joined;
    while (window.asking !== null && !this.#judge.aborted) await window.asking;
  }

  /** What is to be changed in the bytes. What cannot be changed blocks instead. */
  edits(bytes: Buffer): Edit[] {
    const ranges = new Map<Segment, MaskedRange[]>();
    const take = (segment: Segment, range: MaskedRange): void => {
      const known = ranges.get(segment);
      if (known === undefined) ranges.set(segment, [range]);
      else known.push(range);
    };
    this.#joined.eachMask(take);
    this.#tight.eachMask(take);
    this.#asides.eachMask(take);
    const edits: Edit[] = [];
    for (const [segment, found] of ranges) {
      if (segment.form === "fixed") this.#judge.blocked = true;
      else edits.push(...segmentEdits(bytes, segment, merged(found)));
    }
    return edits.toSorted((one, other) => one.start - other.start);
  }
}

/** Ranges in their order, those that overlap as one. */
function merged(ranges: readonly MaskedRange[]): MaskedRange[] {
  const result: MaskedRange[] = [];
  for (const range of ranges.toSorted((one, other) => one.start - other.start)) {
    const last = result.at(-1);
    if (last !== undefined && range.start < last.end) last.end = Math.max(last.end, range.end);
    else result.push({ ...range });
  }
  return result;
}

/** @param ranges in UTF-16 code units of the segment's text, in order and apart */
export function segmentEdits(
  bytes: Buffer,
  { start, end, form }: Pick<Segment, "start" | "end" | "form">,
  ranges: readonly MaskedRange[],
): Edit[] {
  const quotes = form === "literal" ? 1 : 0;
  const inside = bytes.subarray(start + quotes, end - quotes);
  // Places cannot be told in what is no text.
  if (!isUtf8(inside)) return [{ start: start + quotes, end: end - quotes, text: ranges[0]?.text ?? "" }];
  const raw = inside.toString();
  const units = ranges.flatMap((range) => [range.start, range.end]);
  const offsets = form === "literal" ? literalOffsets(raw, units) : units;
  const edits: Edit[] = [];
  let at = 0;
  let byte = start + quotes;
  const byteAt = (offset: number): number => {
    byte += Buffer.byteLength(raw.slice(at, offset));
    at = offset;
    return byte;
  };
  for (const [index, { text }] of ranges.entries()) {
    const from = Math.max(at, besidePair(raw, offsets[2 * index] ?? 0, -1));
    const to = Math.max(from, besidePair(raw, offsets[2 * index + 1] ?? 0, 1));
    edits.push({ start: byteAt(from), end: byteAt(to), text });
  }
  return edits;
}

/** The offset, or the next one in a direction where it would cut a character in two. */
function besidePair(text: string, offset: number, direction: 1 | -1): number {
  const isPair =
    /[\ud800-\udbff]/.test(text.charAt(offset - 1)) && /[\udc00-\udfff]/.test(text.charAt(offset));
  return isPair ? offset + direction : offset;
}
