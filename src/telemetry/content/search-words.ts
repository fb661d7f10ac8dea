// How recorded text becomes words that can be searched, and what somebody typed becomes a query of FTS5.
// Chinese, Japanese and Korean are written without spaces, or with words that grow endings: each two neighbours are a
// word there. Knows no database.

/** Scripts whose words cannot be told by spaces. */
const cjk = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\u30fc]`;
const cjkRun = new RegExp(`${cjk}+`, "gu");
const cjkEnd = new RegExp(`${cjk}$`, "u");
const cjkPairEnd = new RegExp(`${cjk}{2}$`, "u");
/** What FTS5's tokenizer `unicode61` takes as part of a word. */
const wordCharacter = /[\p{L}\p{N}\p{Co}]/u;
/** A phrase in quotes, or what stands between spaces. A quote that nobody closed reaches to the end. */
const asked = /"([^"]*)"?|[^\s"]+/gu;
const maxAskedLength = 1_000;
const maxAskedPhrases = 32;

/** Each two neighbours of a run as a word; the last one alone ends it, so that phrases can go over its end. */
function pairs(run: string): string {
  const characters = Array.from(run);
  const words = characters.map((character, index) => character + (characters[index + 1] ?? ""));
  return ` ${words.join(" ")} `;
}

/** Text as it goes into the index. */
export function indexedText(text: string): string {
  return text.replace(cjkRun, pairs);
}

/** One phrase for FTS5, in quotes, so that nothing in it is syntax; undefined when it holds no word. */
function phraseOf(text: string): string | undefined {
  const clean = text.replaceAll(/["\0]/g, " ").trim();
  if (!wordCharacter.test(clean)) return undefined;
  const words = indexedText(clean).trim().split(/\s+/u);
  if (!cjkEnd.test(clean)) return `"${words.join(" ")}"`;
  // In the text more of the run may follow. The last character is in the pair before it, or is how a pair begins.
  return cjkPairEnd.test(clean) ? `"${words.slice(0, -1).join(" ")}"` : `"${words.join(" ")}" *`;
}

/**
 * All words must occur; `"…"` is a phrase.
 * @returns undefined when there is no word in it, so that nothing can be found
 */
export function searchExpression(text: string): string | undefined {
  const phrases: string[] = [];
  for (const match of text.slice(0, maxAskedLength).matchAll(asked)) {
    const phrase = phraseOf(match[1] ?? match[0]);
    if (phrase !== undefined && phrases.length < maxAskedPhrases) phrases.push(phrase);
  }
  return phrases.length === 0 ? undefined : phrases.join(" AND ");
}
