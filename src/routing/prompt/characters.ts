// What a character is to the tokenizer, and what it is folded to: small letter, no accent, plain width. Knows no word.

/** Ends a word and is nothing itself. */
export const gap = 0;
export const letter = 1;
export const digit = 2;
/** Stands for itself, as in code and mathematics. */
export const symbol = 3;
export const newline = 4;
/** As if it were not there. */
export const ignored = 5;
/** Of a script that is written without spaces: each is a word of its own. */
export const glyph = 6;
export const apostrophe = 7;

/** Below it a table knows, from it on ranges do. */
const tableSize = 0x2000;
const symbols = new Set("#$%&()*+-/<=>@[\\]^_`{|}~±×÷¬");
const apostrophes = new Set([0x27, 0x2018, 0x2019, 0x02bc]);

export interface CharacterTable {
  readonly classes: Uint8Array;
  /** Of letters and digits. */
  readonly folds: Uint16Array;
}

export function createCharacterTable(): CharacterTable {
  const classes = new Uint8Array(tableSize);
  const folds = new Uint16Array(tableSize);
  for (let code = 0; code < tableSize; code += 1) {
    const folded = String.fromCharCode(code).normalize("NFKD").toLowerCase();
    classes[code] = classInTable(code, folded);
    folds[code] = folded.charCodeAt(0);
  }
  return { classes, folds };
}

function classInTable(code: number, folded: string): number {
  if (code === 0x0a || code === 0x85) return newline;
  if (code === 0xad || code === 0x0d || (code >= 0x300 && code <= 0x36f) || (code >= 0x64b && code <= 0x652))
    return ignored;
  if (apostrophes.has(code)) return apostrophe;
  if (isWithoutSpaces(code)) return glyph;
  if (/^[0-9]/.test(folded)) return digit;
  if (/^[\p{L}\p{M}]/u.test(folded)) return letter;
  return symbols.has(String.fromCharCode(code)) ? symbol : gap;
}

/** Thai, Lao, Burmese, Khmer and Korean's single letters. */
function isWithoutSpaces(code: number): boolean {
  return (
    (code >= 0xe01 && code <= 0xeff) ||
    (code >= 0x1000 && code <= 0x109f) ||
    (code >= 0x1100 && code <= 0x11ff) ||
    (code >= 0x1780 && code <= 0x17ff)
  );
}

export function isHan(code: number): boolean {
  return (
    (code >= 0x4e00 && code <= 0x9fff) ||
    (code >= 0x3400 && code <= 0x4dbf) ||
    (code >= 0xf900 && code <= 0xfaff)
  );
}

/** Japanese syllables. */
export function isKana(code: number): boolean {
  return code >= 0x3041 && code <= 0x30fe && code !== 0x30fb;
}

/** Characters from `tableSize` on that are not fullwidth forms or halves of a pair. */
export function classOfWide(code: number): number {
  if (isHan(code) || isKana(code) || (code >= 0xac00 && code <= 0xd7a3)) return glyph;
  if (code >= 0x2000 && code <= 0x2bff) return classOfMark(code);
  if (code === 0xfeff || (code >= 0xfe00 && code <= 0xfe0f)) return ignored;
  return code >= 0x2c00 && code <= 0x2dff ? letter : gap;
}

function classOfMark(code: number): number {
  if ((code >= 0x200b && code <= 0x200f) || (code >= 0x2060 && code <= 0x2064)) return ignored;
  if (code === 0x2018 || code === 0x2019) return apostrophe;
  if (code === 0x2028 || code === 0x2029) return newline;
  // Arrows, and signs of mathematics.
  return (code >= 0x2190 && code <= 0x22ff) || (code >= 0x27c0 && code <= 0x2aff) ? symbol : gap;
}

/** The punctuation of ASCII that a mark of another script is, for counting; 0: none. */
export function plainMark(code: number): number {
  if (code >= 0x201c && code <= 0x201f) return 0x22;
  if (code >= 0x300c && code <= 0x300f) return 0x22;
  if (code === 0x3002) return 0x2e;
  if (code === 0x3001) return 0x2c;
  return 0;
}
