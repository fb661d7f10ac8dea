// Reads a pattern: the part of JavaScript's regular expressions that can be matched in one pass. Knows not how.

/** Code units, both ends included. */
export type Range = readonly [from: number, to: number];
/** `start` and `end` are those of a line; `word` is a word's edge, `inside` is none. */
export type Assertion = "start" | "end" | "word" | "inside";

export type Node =
  | { readonly kind: "set"; readonly ranges: readonly Range[] }
  | { readonly kind: "sequence"; readonly items: readonly Node[] }
  | { readonly kind: "choice"; readonly options: readonly Node[] }
  | { readonly kind: "repeat"; readonly item: Node; readonly min: number; readonly max: number | null }
  | { readonly kind: "assert"; readonly at: Assertion };

const last = 0xffff;
export const wordRanges: readonly Range[] = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
];
const digitRanges: readonly Range[] = [[0x30, 0x39]];
/** White space and line ends of JavaScript's `\s`. */
const spaceRanges: readonly Range[] = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];
export const lineEnds: readonly Range[] = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
];

const classes: Readonly<Record<string, readonly Range[]>> = {
  __proto__: null as never,
  d: digitRanges,
  D: without(digitRanges),
  w: wordRanges,
  W: without(wordRanges),
  s: spaceRanges,
  S: without(spaceRanges),
};
const controls: Readonly<Record<string, number>> = {
  __proto__: null as never,
  n: 0x0a,
  r: 0x0d,
  t: 0x09,
  f: 0x0c,
  v: 0x0b,
};
const syntaxCharacters = /[\^$\\.*+?()[\]{}|/-]/;
const maxRepeat = 256;
const maxDepth = 16;

/** All code units but those. */
function without(ranges: readonly Range[]): Range[] {
  const rest: Range[] = [];
  let from = 0;
  for (const [start, end] of ranges.toSorted(([left], [right]) => left - right)) {
    if (start > from) rest.push([from, start - 1]);
    from = Math.max(from, end + 1);
  }
  if (from <= last) rest.push([from, last]);
  return rest;
}

/** @throws SyntaxError that says what cannot be read */
export function parsePattern(source: string): Node {
  const ignoresCase = source.startsWith("(?i)");
  return new PatternParser(source, ignoresCase).parse(ignoresCase ? 4 : 0);
}

class PatternParser {
  readonly #source: string;
  readonly #ignoresCase: boolean;
  #at = 0;

  constructor(source: string, ignoresCase: boolean) {
    this.#source = source;
    this.#ignoresCase = ignoresCase;
  }

  parse(from: number): Node {
    this.#at = from;
    const node = this.#choice(0);
    if (this.#at < this.#source.length) throw fault("a `)` closes nothing");
    return node;
  }

  get #next(): string {
    return this.#source.charAt(this.#at);
  }

  #takes(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #choice(depth: number): Node {
    if (depth > maxDepth) throw fault(`groups stand in each other more than ${maxDepth} deep`);
    const options = [this.#sequence(depth)];
    while (this.#takes("|")) options.push(this.#sequence(depth));
    const [only] = options;
    return options.length === 1 && only !== undefined ? only : { kind: "choice", options };
  }

  #sequence(depth: number): Node {
    const items: Node[] = [];
    while (this.#at < this.#source.length && this.#next !== "|" && this.#next !== ")") {
      items.push(this.#repeated(this.#atom(depth)));
    }
    return { kind: "sequence", items };
  }

  #repeated(item: Node): Node {
    const times = this.#times();
    if (times === undefined) return item;
    if (item.kind === "assert") throw fault("what stands for a place cannot be repeated");
    // Whether as few or as many are taken makes no difference to what is found.
    this.#takes("?");
    if (this.#times() !== undefined) throw fault("a repetition is repeated");
    return { kind: "repeat", item, ...times };
  }

  #times(): { readonly min: number; readonly max: number | null } | undefined {
    if (this.#takes("*")) return { min: 0, max: null };
    if (this.#takes("+")) return { min: 1, max: null };
    if (this.#takes("?")) return { min: 0, max: 1 };
    const counted = /\{(\d{1,4})(,(\d{0,4}))?\}/y;
    counted.lastIndex = this.#at;
    const match = counted.exec(this.#source);
    if (match === null) return undefined;
    this.#at = counted.lastIndex;
    const min = Number(match[1]);
    const open = match[2] === ",";
    const max = match[2] === undefined ? min : Number(match[3]);
    if (min > maxRepeat || (!open && max > maxRepeat)) throw fault(`at most ${maxRepeat} repetitions`);
    if (!open && max < min) throw fault("a repetition ends below its beginning");
    return { min, max: open ? null : max };
  }

  #atom(depth: number): Node {
    if (this.#takes("(")) return this.#group(depth);
    if (this.#takes("[")) return { kind: "set", ranges: this.#class() };
    if (this.#takes(".")) return { kind: "set", ranges: without(lineEnds) };
    if (this.#takes("^")) return { kind: "assert", at: "start" };
    if (this.#takes("$")) return { kind: "assert", at: "end" };
    if (this.#takes(String.raw`\b`)) return { kind: "assert", at: "word" };
    if (this.#takes(String.raw`\B`)) return { kind: "assert", at: "inside" };
    if (this.#takes("\\")) return { kind: "set", ranges: this.#escape() };
    const character = this.#next;
    if (/[*+?{}\]]/.test(character))
      throw fault(`\`${character}\` stands where nothing can be repeated or closed`);
    this.#at += 1;
    return { kind: "set", ranges: this.#character(character.charCodeAt(0)) };
  }

  #group(depth: number): Node {
    if (this.#next === "?" && !this.#takes("?:")) {
      throw fault("of groups that begin with `(?` there is `(?:…)`, and `(?i)` at the very beginning");
    }
    const inner = this.#choice(depth + 1);
    if (!this.#takes(")")) throw fault("a group is not closed");
    return inner;
  }

  /** One character, in both cases if that makes no difference. */
  #character(code: number): Range[] {
    const letter = String.fromCharCode(code);
    if (!this.#ignoresCase || !/[A-Za-z]/.test(letter)) return [[code, code]];
    const lower = letter.toLowerCase().charCodeAt(0);
    const upper = letter.toUpperCase().charCodeAt(0);
    return [
      [lower, lower],
      [upper, upper],
    ];
  }

  /** What follows a back-slash. */
  #escape(): readonly Range[] {
    const letter = this.#next;
    this.#at += 1;
    const named = classes[letter];
    if (named !== undefined) return named;
    const control = controls[letter];
    if (control !== undefined) return [[control, control]];
    if (letter === "x") return this.#character(this.#hex(2));
    if (letter === "u") return this.#character(this.#hex(4));
    if (syntaxCharacters.test(letter)) return this.#character(letter.charCodeAt(0));
    throw fault(letter === "" ? "it ends in a back-slash" : `\`\\${letter}\` is not known`);
  }

  #hex(digits: number): number {
    const text = this.#source.slice(this.#at, this.#at + digits);
    if (text.length < digits || !/^[0-9A-Fa-f]+$/.test(text))
      throw fault("a code is not in hexadecimal digits");
    this.#at += digits;
    return Number.parseInt(text, 16);
  }

  #class(): readonly Range[] {
    const negated = this.#takes("^");
    const ranges: Range[] = [];
    while (!this.#takes("]")) {
      if (this.#at >= this.#source.length) throw fault("a `[` is not closed");
      ranges.push(...this.#classItem());
    }
    if (ranges.length === 0) throw fault("a `[]` holds nothing");
    return negated ? without(ranges) : ranges;
  }

  #classItem(): readonly Range[] {
    const first = this.#classCharacter();
    const [range] = first;
    if (
      this.#next !== "-" ||
      this.#source.charAt(this.#at + 1) === "]" ||
      this.#at + 1 >= this.#source.length
    ) {
      return this.#cased(first);
    }
    this.#at += 1;
    const [end] = this.#classCharacter();
    if (range === undefined || end === undefined || range[0] !== range[1] || end[0] !== end[1]) {
      throw fault("a range in `[]` has ends that are no single characters");
    }
    if (end[0] < range[0]) throw fault("a range in `[]` ends below its beginning");
    return this.#cased([[range[0], end[0]]]);
  }

  #classCharacter(): readonly Range[] {
    if (this.#takes("\\")) {
      const code = this.#source.charCodeAt(this.#at);
      if (syntaxCharacters.test(this.#next)) {
        this.#at += 1;
        return [[code, code]];
      }
      return this.#escape();
    }
    const code = this.#source.charCodeAt(this.#at);
    if (code >= 0xd800 && code <= 0xdfff) throw fault("`[]` holds a character beyond U+FFFF");
    this.#at += 1;
    return [[code, code]];
  }

  #cased(ranges: readonly Range[]): readonly Range[] {
    if (!this.#ignoresCase) return ranges;
    const folded: Range[] = [...ranges];
    for (const [from, to] of ranges) {
      for (let code = Math.max(from, 0x41); code <= Math.min(to, 0x7a); code += 1)
        folded.push(...this.#character(code));
    }
    return folded;
  }
}

function fault(what: string): SyntaxError {
  return new SyntaxError(what);
}
