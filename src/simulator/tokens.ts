// A word-based stand-in for a tokenizer: the same text always counts the same. Must not know who speaks.

/** Longest run of letters and digits that is one token. */
const wordLength = 8;

/** From here on (CJK and beyond) one character is one token. */
const ideographs = 0x2e80;

/** How many tokens `splitTokens` would give, without making them. */
export function countTokens(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at = tokenEnd(text, at)) count += 1;
  return count;
}

/** Cuts a text into tokens that join to the same text: words with the white space before them, single signs. */
export function splitTokens(text: string): string[] {
  const tokens: string[] = [];
  for (let at = 0; at < text.length;) {
    const end = tokenEnd(text, at);
    tokens.push(text.slice(at, end));
    at = end;
  }
  return tokens;
}

function tokenEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length && isSpace(text.charCodeAt(at))) at += 1;
  if (at === text.length) return at;
  const wordStart = at;
  while (at < text.length && at - wordStart < wordLength && isWord(text.charCodeAt(at))) at += 1;
  if (at > wordStart) return at;
  // A surrogate pair is one character and must stay together.
  const code = text.charCodeAt(at);
  const isPair = code >= 0xd800 && code <= 0xdbff && at + 1 < text.length;
  return at + (isPair ? 2 : 1);
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

function isWord(code: number): boolean {
  if (code < 0x80) {
    return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
  }
  return code >= 0xc0 && code < ideographs;
}
