// Wildcard patterns over whole texts: `?` is one character, `*` any run of them. Knows nothing of what the texts name.

/** A pattern made ready. Characters are Unicode code points, and their case counts. */
export interface Pattern {
  readonly source: string;
  /** Characters that are no wildcard; a pattern with more of them is the more special one. */
  readonly literals: number;
  /** Whether it holds no wildcard and so fits itself alone. */
  readonly exact: boolean;
  /** Whether the whole text fits, in time linear in its length. */
  readonly matches: (text: string) => boolean;
}

/** What stands between two stars. */
interface Piece {
  /** Where it ends when it starts at `from`, else -1. */
  readonly endAt: (text: string, from: number) => number;
  /** Where its leftmost occurrence at or behind `from` ends, else -1. */
  readonly endOfFirst: (text: string, from: number) => number;
  /** Where it starts when it ends the text, else -1. */
  readonly startOfLast: (text: string) => number;
}

const oneCharacter = "?";
const wildcard = /[?*]/u;

/** @param text halves of surrogate pairs count as U+FFFD in it, as in every stored text */
export function compilePattern(text: string): Pattern {
  const source = text.toWellFormed();
  const literals = Array.from(source).filter((character) => !wildcard.test(character)).length;
  const parts = source.split("*");
  const [first = "", ...others] = parts;
  const last = others.pop();
  const head = pieceOf(first);
  // What every pattern of a single name or a single end needs is not more than one comparison.
  if (last === undefined) {
    const exact = !source.includes(oneCharacter);
    const matches = exact
      ? (name: string) => name === source
      : (name: string) => head.endAt(name, 0) === name.length;
    return { source, literals, exact, matches };
  }
  const tail = pieceOf(last);
  const middle = others.filter((part) => part !== "").map(pieceOf);
  return { source, literals, exact: false, matches: (name) => matchesPieces(name, head, middle, tail) };
}

/** Between the ends, the leftmost place of each piece leaves the most room for those behind it: no way back is needed. */
function matchesPieces(text: string, head: Piece, middle: readonly Piece[], tail: Piece): boolean {
  let position = head.endAt(text, 0);
  if (position === -1) return false;
  const end = tail.startOfLast(text);
  if (end < position) return false;
  for (const piece of middle) {
    position = piece.endOfFirst(text, position);
    if (position === -1 || position > end) return false;
  }
  return true;
}

function pieceOf(part: string): Piece {
  return part.includes(oneCharacter) ? gappedPiece(Array.from(part)) : literalPiece(part);
}

/** A whole character never fits across the border of two, so the engine's own search finds what it should. */
function literalPiece(part: string): Piece {
  return {
    endAt: (text, from) => (text.startsWith(part, from) ? from + part.length : -1),
    endOfFirst: (text, from) => {
      const start = text.indexOf(part, from);
      return start === -1 ? -1 : start + part.length;
    },
    startOfLast: (text) => (text.endsWith(part) ? text.length - part.length : -1),
  };
}

function gappedPiece(characters: readonly string[]): Piece {
  const wanted = characters.map((character) =>
    character === oneCharacter ? undefined : character.codePointAt(0),
  );
  const search = gappedSearch(wanted);
  return {
    endAt: (text, from) => {
      let position = from;
      for (const want of wanted) {
        const code = text.codePointAt(position);
        if (code === undefined || (want !== undefined && want !== code)) return -1;
        position += widthOf(code);
      }
      return position;
    },
    endOfFirst: search,
    startOfLast: (text) => {
      let position = text.length;
      for (const want of wanted.toReversed()) {
        if (position === 0) return -1;
        position -= isPair(text, position - 2) ? 2 : 1;
        if (want !== undefined && want !== text.codePointAt(position)) return -1;
      }
      return position;
    },
  };
}

const wordBits = 32;

/**
 * Follows every start of the piece at once, one bit each (shift-and, Baeza-Yates and Gonnet 1992), so that no text can
 * make it start over.
 */
function gappedSearch(wanted: readonly (number | undefined)[]): (text: string, from: number) => number {
  const words = Math.ceil(wanted.length / wordBits);
  const bitsFor = (code: number | undefined): Uint32Array => {
    const bits = new Uint32Array(words);
    for (const [index, want] of wanted.entries()) {
      if (want !== undefined && want !== code) continue;
      const word = Math.floor(index / wordBits);
      bits[word] = (bits[word] ?? 0) | (1 << (index % wordBits));
    }
    return bits;
  };
  const known = new Map([...new Set(wanted)].map((code) => [code, bitsFor(code)]));
  const unknown = bitsFor(undefined);
  const lastBit = 1 << ((wanted.length - 1) % wordBits);
  return (text, from) => {
    const state = new Uint32Array(words);
    for (let position = from; position < text.length;) {
      const code = text.codePointAt(position) ?? 0;
      position += widthOf(code);
      advance(state, known.get(code) ?? unknown);
      if (((state[words - 1] ?? 0) & lastBit) !== 0) return position;
    }
    return -1;
  };
}

/** One character further: a start may begin anywhere, so a 1 comes in at the low end. */
function advance(state: Uint32Array, bits: Uint32Array): void {
  let carry = 1;
  for (let word = 0; word < state.length; word += 1) {
    const before = state[word] ?? 0;
    state[word] = ((before << 1) | carry) & (bits[word] ?? 0);
    carry = before >>> (wordBits - 1);
  }
}

function widthOf(code: number): number {
  return code > 0xffff ? 2 : 1;
}

function isPair(text: string, index: number): boolean {
  return index >= 0 && (text.codePointAt(index) ?? 0) > 0xffff;
}
