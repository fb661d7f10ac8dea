// Validates a JSON object in one pass over its bytes and finds chosen top-level members. Must not know what the members mean.

/** Deepest nesting accepted; the object itself is level 1. */
export const maxDepth = 128;

export type JsonKind = "string" | "number" | "true" | "false" | "null" | "object" | "array";

/** The value of a wanted member: `bytes.subarray(start, end)` is its exact JSON text. */
export interface JsonMember {
  readonly start: number;
  readonly end: number;
  readonly kind: JsonKind;
  /** True when the key occurs more than once; the range is that of the last one. */
  readonly repeated: boolean;
}

export interface ScannedObject {
  readonly ok: true;
  /** Offset just after the opening brace. */
  readonly insideStart: number;
  /** True when the object has no member at all. */
  readonly empty: boolean;
  /** One entry per wanted key, in the order of `prepareScan`. */
  readonly members: readonly (JsonMember | undefined)[];
}

export interface ScanFailure {
  readonly ok: false;
  /** `not-an-object`: the first byte that is not white space is no brace (a byte order mark, nothing, an array). */
  readonly error: "not-an-object" | "invalid" | "too-deep";
  /** Where the scan stopped, in bytes. */
  readonly offset: number;
}

export type ScanResult = ScannedObject | ScanFailure;

/** Wanted keys and scratch space; made once, used for any number of scans one after the other. */
export interface ScanPlan {
  readonly keys: readonly string[];
  readonly keyBytes: readonly Uint8Array[];
  readonly longestKey: number;
  /** The closing byte of each open level. */
  readonly closers: Uint8Array;
}

const quote = 0x22;
const comma = 0x2c;
const minus = 0x2d;
const dot = 0x2e;
const zero = 0x30;
const colon = 0x3a;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const letterU = 0x75;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Bytes per class. 1: plain inside a string, 2: white space, 4: digit, 8: hexadecimal digit, 16: follows a backslash. */
const plainClass = 1;
const spaceClass = 2;
const digitClass = 4;
const hexClass = 8;
const escapeClass = 16;
const classes = buildClasses();

const kinds = buildKinds();
const literals = { true: Buffer.from("true"), false: Buffer.from("false"), null: Buffer.from("null") };

/** Added to the offset of a failure, to tell it from an invalid byte: no body is that long. */
const tooDeepMark = 0x4000_0000;

/** From this length on, long strings are read four bytes at a time. */
const shortestForWords = 512;
/** Bytes of a string read singly before that: most strings are short. */
const nearBytes = 16;

type Words = Int32Array | undefined;

function buildClasses(): Uint8Array {
  const table = new Uint8Array(256);
  for (let byte = 0x20; byte < 256; byte++) table[byte] = plainClass;
  table[quote] = 0;
  table[backslash] = 0;
  const mark = (bytes: string, bit: number): void => {
    for (const byte of Buffer.from(bytes)) table[byte] = (table[byte] ?? 0) | bit;
  };
  mark(" \t\n\r", spaceClass);
  mark("0123456789", digitClass);
  mark("0123456789abcdefABCDEF", hexClass);
  mark('"\\/bfnrt', escapeClass);
  return table;
}

function buildKinds(): readonly (JsonKind | undefined)[] {
  const table: (JsonKind | undefined)[] = Array.from({ length: 256 }, () => undefined);
  for (const byte of Buffer.from("-0123456789")) table[byte] = "number";
  table[quote] = "string";
  table[openBrace] = "object";
  table[openBracket] = "array";
  table[0x74] = "true";
  table[0x66] = "false";
  table[0x6e] = "null";
  return table;
}

/** Prepares a scan for a few top-level keys. Keys must be ASCII without quotes, backslashes or control characters. */
export function prepareScan(keys: readonly string[]): ScanPlan {
  const keyBytes = keys.map((key) => Buffer.from(key));
  return {
    keys,
    keyBytes,
    longestKey: Math.max(0, ...keyBytes.map((key) => key.length)),
    closers: new Uint8Array(maxDepth + 1),
  };
}

/**
 * Checks that the bytes are exactly one JSON object (RFC 8259, nothing after it but white space) and reports the wanted members.
 * UTF-8 is not checked: `isUtf8` does that natively. Bytes of at most 1 GiB.
 */
export function scanObject(bytes: Uint8Array, plan: ScanPlan): ScanResult {
  const open = skipSpace(bytes, 0);
  if (bytes[open] !== openBrace) return { ok: false, error: "not-an-object", offset: open };
  const members: (JsonMember | undefined)[] = [];
  for (let index = 0; index < plan.keys.length; index++) members.push(undefined);
  const words = wordsOf(bytes);
  let at = skipSpace(bytes, open + 1);
  const empty = bytes[at] === closeBrace;
  let more = !empty;
  while (more) {
    const valueStart = skipKey(bytes, at, words);
    if (valueStart < 0) return failure(valueStart);
    const end = skipValue(bytes, valueStart, plan.closers, words);
    if (end < 0) return failure(end);
    const wanted = wantedKey(bytes, at, plan);
    if (wanted >= 0) members[wanted] = member(bytes, valueStart, end, members[wanted] !== undefined);
    at = skipSpace(bytes, end);
    more = bytes[at] === comma;
    if (more) at = skipSpace(bytes, at + 1);
    else if (bytes[at] !== closeBrace) return failure(~at);
  }
  const rest = skipSpace(bytes, at + 1);
  if (rest !== bytes.length) return failure(~rest);
  return { ok: true, insideStart: open + 1, empty, members };
}

/** Offset of the first byte from `at` on that is no JSON white space. */
export function skipSpace(bytes: Uint8Array, at: number): number {
  const length = bytes.length;
  let next = at;
  while (next < length && (classes[bytes[next] ?? 0] ?? 0) & spaceClass) next++;
  return next;
}

/** The aligned inner part of the bytes, four at a time; undefined when it is not worth making. */
function wordsOf(bytes: Uint8Array): Words {
  if (bytes.length < shortestForWords) return undefined;
  const lead = -bytes.byteOffset & 3;
  return new Int32Array(bytes.buffer, bytes.byteOffset + lead, (bytes.length - lead) >> 2);
}

function failure(negative: number): ScanFailure {
  const offset = ~negative;
  if (offset >= tooDeepMark) return { ok: false, error: "too-deep", offset: offset - tooDeepMark };
  return { ok: false, error: "invalid", offset };
}

function member(bytes: Uint8Array, start: number, end: number, repeated: boolean): JsonMember {
  return { start, end, kind: kinds[bytes[start] ?? 0] ?? "null", repeated };
}

/** Index of the wanted key whose string starts at `at` (at its quote), or -1. */
function wantedKey(bytes: Uint8Array, at: number, plan: ScanPlan): number {
  let end = at + 1;
  // An escaped key is at most six times as long as what it stands for; a longer one cannot match.
  const limit = Math.min(bytes.length, end + plan.longestKey * 6);
  let escaped = false;
  while (end <= limit && bytes[end] !== quote) {
    if (bytes[end] === backslash) {
      escaped = true;
      end++;
    }
    end++;
  }
  if (bytes[end] !== quote) return -1;
  if (escaped) return plan.keys.indexOf(decodeString(bytes, at, end + 1));
  const { keyBytes } = plan;
  for (let index = 0; index < keyBytes.length; index++) {
    const key = keyBytes[index];
    if (key !== undefined && key.length === end - at - 1 && sameBytes(bytes, at + 1, key)) return index;
  }
  return -1;
}

function sameBytes(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  for (let index = 0; index < wanted.length; index++) {
    if (bytes[at + index] !== wanted[index]) return false;
  }
  return true;
}

/** The text of a JSON string that the scan has already found valid, quotes included in the range. */
export function decodeString(bytes: Uint8Array, start: number, end: number): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString();
  return text.includes("\\") ? String(JSON.parse(text)) : text.slice(1, -1);
}

/** Start of the value after the key at `at`, or the complement of the offset at fault. */
function skipKey(bytes: Uint8Array, at: number, words: Words): number {
  if (bytes[at] !== quote) return ~at;
  const end = skipString(bytes, at, words);
  if (end < 0) return end;
  const separator = skipSpace(bytes, end);
  if (bytes[separator] !== colon) return ~separator;
  return skipSpace(bytes, separator + 1);
}

/** Offset after the value of a top-level member that starts at `at`, or the complement of the offset at fault. */
function skipValue(bytes: Uint8Array, start: number, closers: Uint8Array, words: Words): number {
  let depth = 1;
  let at = start;
  for (;;) {
    const first = bytes[at] ?? 0;
    if (first === openBrace || first === openBracket) {
      if (depth === maxDepth) return ~(at + tooDeepMark);
      depth++;
      const closer = first === openBrace ? closeBrace : closeBracket;
      closers[depth] = closer;
      at = skipSpace(bytes, at + 1);
      if (bytes[at] !== closer) {
        if (first === openBrace) at = skipKey(bytes, at, words);
        if (at < 0) return at;
        continue;
      }
    } else {
      at = first === quote ? skipString(bytes, at, words) : skipScalar(bytes, at, first);
      if (at < 0) return at;
      if (depth === 1) return at;
      at = skipSpace(bytes, at);
    }
    while (bytes[at] === closers[depth]) {
      depth--;
      at++;
      if (depth === 1) return at;
      at = skipSpace(bytes, at);
    }
    if (bytes[at] !== comma) return ~at;
    at = skipSpace(bytes, at + 1);
    if (closers[depth] === closeBrace) at = skipKey(bytes, at, words);
    if (at < 0) return at;
  }
}

function skipScalar(bytes: Uint8Array, at: number, first: number): number {
  switch (kinds[first]) {
    case "number":
      return skipNumber(bytes, at);
    case "true":
      return sameBytes(bytes, at, literals.true) ? at + 4 : ~at;
    case "false":
      return sameBytes(bytes, at, literals.false) ? at + 5 : ~at;
    case "null":
      return sameBytes(bytes, at, literals.null) ? at + 4 : ~at;
    default:
      return ~at;
  }
}

/** Offset after the string whose opening quote is at `start`, or the complement of the offset at fault. */
function skipString(bytes: Uint8Array, start: number, words: Words): number {
  const length = bytes.length;
  let at = start + 1;
  for (;;) {
    at = skipPlain(bytes, at, words);
    if (at >= length) return ~length;
    if (bytes[at] === quote) return at + 1;
    if (bytes[at] !== backslash || at + 1 >= length) return ~at;
    const escape = bytes[at + 1] ?? 0;
    if (escape === letterU) {
      if (at + 5 >= length) return ~at;
      for (let digit = at + 2; digit < at + 6; digit++) {
        if (((classes[bytes[digit] ?? 0] ?? 0) & hexClass) === 0) return ~digit;
      }
      at += 6;
    } else if ((classes[escape] ?? 0) & escapeClass) {
      at += 2;
    } else {
      return ~at;
    }
  }
}

/** Offset of the first byte that is not plain inside a string: a quote, a backslash, a control character or the end. */
function skipPlain(bytes: Uint8Array, start: number, words: Words): number {
  if (words === undefined) return skipPlainBytes(bytes, start, bytes.length);
  const near = Math.min(bytes.length, start + nearBytes);
  const at = skipPlainBytes(bytes, start, near);
  if (at < near) return at;
  const lead = words.byteOffset - bytes.byteOffset;
  let word = (at - lead + 3) >> 2;
  const aligned = Math.min(bytes.length, lead + word * 4);
  const before = skipPlainBytes(bytes, at, aligned);
  if (before < aligned) return before;
  while (word < words.length && isPlainWord(words[word] ?? 0)) word++;
  return skipPlainBytes(bytes, Math.min(bytes.length, lead + word * 4), bytes.length);
}

function skipPlainBytes(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && (classes[bytes[at] ?? 0] ?? 0) & plainClass) at++;
  return at;
}

/**
 * Whether none of four bytes is below 0x20, a quote or a backslash. Subtracting sets the top bit of a byte that is too small;
 * bytes above 0x7f are masked out. A borrow can only mark a byte above one that is marked rightly.
 */
function isPlainWord(word: number): boolean {
  const control = word - 0x2020_2020;
  const quotes = (word ^ 0x2222_2222) - 0x0101_0101;
  const backslashes = (word ^ 0x5c5c_5c5c) - 0x0101_0101;
  return ((control | quotes | backslashes) & ~word & 0x8080_8080) === 0;
}

/** Offset after the number at `start`, or the complement of the offset at fault. */
function skipNumber(bytes: Uint8Array, start: number): number {
  let at = bytes[start] === minus ? start + 1 : start;
  if (bytes[at] === zero) {
    at++;
  } else {
    at = skipDigits(bytes, at);
    if (at < 0) return at;
  }
  if (bytes[at] === dot) {
    at = skipDigits(bytes, at + 1);
    if (at < 0) return at;
  }
  const exponent = bytes[at];
  if (exponent === 0x65 || exponent === 0x45) {
    const sign = bytes[at + 1];
    at = skipDigits(bytes, sign === minus || sign === 0x2b ? at + 2 : at + 1);
  }
  return at;
}

/** Offset after at least one digit, or the complement of the offset where one is missing. */
function skipDigits(bytes: Uint8Array, start: number): number {
  const length = bytes.length;
  let at = start;
  while (at < length && (classes[bytes[at] ?? 0] ?? 0) & digitClass) at++;
  return at === start ? ~at : at;
}
