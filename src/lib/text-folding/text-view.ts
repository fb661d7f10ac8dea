// A text as it reads after something was folded, dropped or decoded, with the place in the source of every code unit.
// Knows not what was done to it, nor what is looked for.

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** UTF-16 code units with where each of them comes from. */
export interface TextView {
  readonly units: Uint16Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** What a part of a view is in the source. */
export function sourceSpan({ starts, ends }: TextView, start: number, end: number): Span {
  return { start: starts[start] ?? 0, end: ends[end - 1] ?? 0 };
}

export function textOf({ units }: TextView): string {
  return Buffer.from(units.buffer, units.byteOffset, units.byteLength).toString("utf16le");
}

/** The text as it is. */
export function viewOf(text: string, offset = 0): TextView {
  const builder = new ViewBuilder(text.length);
  for (let at = 0; at < text.length; at += 1) builder.push(text.charCodeAt(at), offset + at, offset + at + 1);
  return builder.view();
}

/** Grows as units are pushed. */
export class ViewBuilder {
  #units: Uint16Array;
  #starts: Int32Array;
  #ends: Int32Array;
  #length = 0;

  constructor(capacity: number) {
    const size = Math.max(capacity, 16);
    this.#units = new Uint16Array(size);
    this.#starts = new Int32Array(size);
    this.#ends = new Int32Array(size);
  }

  get length(): number {
    return this.#length;
  }

  push(unit: number, start: number, end: number): void {
    const at = this.#length;
    if (at === this.#units.length) this.#grow();
    this.#units[at] = unit;
    this.#starts[at] = start;
    this.#ends[at] = end;
    this.#length = at + 1;
  }

  pushText(text: string, start: number, end: number): void {
    for (let at = 0; at < text.length; at += 1) this.push(text.charCodeAt(at), start, end);
  }

  last(): number {
    return this.#length === 0 ? -1 : (this.#units[this.#length - 1] ?? -1);
  }

  view(): TextView {
    return {
      units: this.#units.subarray(0, this.#length),
      starts: this.#starts.subarray(0, this.#length),
      ends: this.#ends.subarray(0, this.#length),
    };
  }

  #grow(): void {
    const size = this.#units.length * 2;
    const units = new Uint16Array(size);
    const starts = new Int32Array(size);
    const ends = new Int32Array(size);
    units.set(this.#units);
    starts.set(this.#starts);
    ends.set(this.#ends);
    this.#units = units;
    this.#starts = starts;
    this.#ends = ends;
  }
}
