// Cuts a prompt into words, numbers, signs and characters of scripts without spaces, in one pass and without making
// anything for a token; counts on its way what structure and language are told by. Knows no vector.
import {
  apostrophe,
  classOfWide,
  createCharacterTable,
  digit,
  glyph,
  gap,
  ignored,
  isHan,
  isKana,
  letter,
  plainMark,
  symbol,
} from "./characters.ts";
import { LineCounts } from "./line-counts.ts";
import { maxPromptCharacters } from "./prompt-features.ts";
import { createSimplified } from "./traditional.ts";
import { endOfHash, hashStart, hashWith } from "./word-hash.ts";

export const wordToken = 0;
export const numberToken = 1;
export const signToken = 2;
export const glyphToken = 3;
/** Ends a sentence or a part of one. */
export const endToken = 4;

const ends = Uint8Array.from({ length: 128 }, (_, code) =>
  "\n.,;:!?".includes(String.fromCharCode(code)) ? 1 : 0,
);
/** No token is being read. */
const closed = -1;
const maxTokens = maxPromptCharacters + 2;

export class Tokenizer {
  /** The first `count` of each count. */
  readonly hashes = new Int32Array(maxTokens);
  readonly kinds = new Uint8Array(maxTokens);
  /** Where the token's characters stand in `folded`, and how many they are. */
  readonly starts = new Uint16Array(maxTokens);
  readonly lengths = new Uint16Array(maxTokens);
  readonly folded = new Uint16Array(maxTokens);
  count = 0;
  /** How often each sign of ASCII stands there. */
  readonly signs = new Uint16Array(128);
  readonly lines = new LineCounts();
  latin = 0;
  accented = 0;
  han = 0;
  kana = 0;
  otherLetters = 0;
  digits = 0;
  /** Signs next to each other, as in operators. */
  signPairs = 0;

  private readonly table = createCharacterTable();
  private readonly simplified = createSimplified();
  /** Characters of all tokens. */
  filled = 0;
  /** Kind of the token that is being read. */
  private open = closed;
  private hash = 0;
  /** The word up to its apostrophe; an end of 0: it has none. */
  private stemHash = 0;
  private stemEnd = 0;
  private lastWasSign = false;

  /** Reads a text, of a long one its beginning and its end. */
  read(text: string): void {
    this.reset();
    if (text.length <= maxPromptCharacters) {
      this.readPart(text, 0, text.length);
      return;
    }
    const half = maxPromptCharacters / 2;
    this.readPart(text, 0, half);
    this.readPart(text, text.length - half, text.length);
  }

  private reset(): void {
    this.count = 0;
    this.filled = 0;
    this.signs.fill(0);
    this.lines.reset();
    this.latin = 0;
    this.accented = 0;
    this.han = 0;
    this.kana = 0;
    this.otherLetters = 0;
    this.digits = 0;
    this.signPairs = 0;
  }

  private readPart(text: string, from: number, to: number): void {
    const { classes } = this.table;
    this.lastWasSign = false;
    this.lines.begin(text, from, to);
    for (let at = from; at < to; at += 1) {
      const code = text.charCodeAt(at);
      const kind = classes[code];
      if (kind === letter) this.letter(code);
      else if (kind === gap) this.gap(code);
      else if (kind === undefined) at += this.wide(code, at + 1 < to ? text.charCodeAt(at + 1) : 0);
      else this.other(kind, code);
      if (code === 0x0a) this.lines.begin(text, at + 1, to);
    }
    this.close();
  }

  private letter(code: number): void {
    if (this.open !== wordToken) this.begin(wordToken);
    const folded = this.table.folds[code] ?? code;
    if (folded >= 0x80) this.otherLetters += 1;
    else {
      this.latin += 1;
      if (code > 0x7f) this.accented += 1;
    }
    this.put(folded);
  }

  private gap(code: number): void {
    this.close();
    this.lastWasSign = false;
    if (code >= 128) return;
    this.signs[code] = (this.signs[code] ?? 0) + 1;
    if (ends[code] === 1) this.single(endToken, code);
  }

  private other(kind: number, code: number): void {
    if (kind === digit) this.digit(code);
    else if (kind === symbol) this.sign(code);
    else if (kind === apostrophe) this.apostrophe();
    else if (kind === glyph) this.glyph(code);
    else if (kind !== ignored) this.gap(code);
  }

  private digit(code: number): void {
    this.digits += 1;
    if (this.open === closed) this.begin(numberToken);
    this.put(this.table.folds[code] ?? code);
  }

  private sign(code: number): void {
    if (code < 128) this.signs[code] = (this.signs[code] ?? 0) + 1;
    if (this.lastWasSign) this.signPairs += 1;
    this.single(signToken, code);
    this.lastWasSign = true;
  }

  private glyph(code: number): void {
    if (isHan(code)) this.han += 1;
    else if (isKana(code)) this.kana += 1;
    else this.otherLetters += 1;
    this.single(glyphToken, this.simplified[code - 0x4e00] ?? code);
  }

  private single(kind: number, code: number): void {
    this.begin(kind);
    this.put(code);
    this.close();
  }

  private apostrophe(): void {
    this.signs[0x27] = (this.signs[0x27] ?? 0) + 1;
    if (this.open !== wordToken) return this.gap(0x80);
    this.stemHash = this.hash;
    this.stemEnd = this.filled;
  }

  /** A character that the table does not know; gives how many units after it belong to it. */
  private wide(code: number, next: number): number {
    if (code >= 0xff01 && code <= 0xff5e) {
      const plain = code - 0xfee0;
      const kind = this.table.classes[plain] ?? gap;
      if (kind === letter) this.letter(plain);
      else this.other(kind, plain);
      return 0;
    }
    if (code >= 0xd800 && code <= 0xdbff && next >= 0xdc00 && next <= 0xdfff) {
      this.pair((code - 0xd800) * 0x400 + next - 0xdc00 + 0x10000);
      return 1;
    }
    const kind = classOfWide(code);
    if (kind === letter) this.letter(code);
    else if (kind === gap) this.gap(plainMark(code));
    else this.other(kind, code);
    return 0;
  }

  /** Letters of mathematics are plain letters; rare Chinese characters are what they are, and pictures nothing. */
  private pair(point: number): void {
    if (point >= 0x1d400 && point < 0x1d6a4) this.letter(0x61 + ((point - 0x1d400) % 26));
    else if (point >= 0x20000 && point < 0x32000) this.glyph(0x3400 + (point % 0x1900));
    else this.gap(0x80);
  }

  private begin(kind: number): void {
    this.close();
    this.open = kind;
    this.hash = hashStart;
    this.lastWasSign = kind === signToken && this.lastWasSign;
    this.kinds[this.count] = kind;
    this.starts[this.count] = this.filled;
  }

  private put(folded: number): void {
    this.hash = hashWith(this.hash, folded);
    this.folded[this.filled] = folded;
    this.filled += 1;
  }

  private close(): void {
    if (this.open === closed) return;
    this.open = closed;
    if (this.stemEnd > 0) this.dropEnding();
    this.hashes[this.count] = endOfHash(this.hash);
    this.lengths[this.count] = this.filled - (this.starts[this.count] ?? 0);
    this.count += 1;
  }

  /** `don't` is one word; of `Mary's` and `they're` the end says nothing. */
  private dropEnding(): void {
    const ending = this.filled - this.stemEnd;
    const isNot = ending === 1 && this.folded[this.stemEnd] === 0x74;
    if (ending <= 2 && !isNot) {
      this.hash = this.stemHash;
      this.filled = this.stemEnd;
    }
    this.stemEnd = 0;
  }
}
