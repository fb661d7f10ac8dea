// The 32-bit hash by which words are known: by its characters, one after the other. Signed, so that it is a small number to
// the machine and nothing is made for it. Knows no vocabulary.

export const hashStart = 0x811c9dc5 | 0;

/** The hash of a word and one more character (16 bits, folded). */
export function hashWith(hash: number, character: number): number {
  return Math.imul(hash ^ character, 0x01000193);
}

/** Spreads every bit of a hash over all of it. */
export function mixed(hash: number): number {
  let bits = hash ^ (hash >>> 16);
  bits = Math.imul(bits, 0x85ebca6b);
  bits ^= bits >>> 13;
  bits = Math.imul(bits, 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

/** Of a whole word, as a tokenizer finds it: never 0, which means an empty place in tables. */
export function endOfHash(hash: number): number {
  return mixed(hash) || 1;
}

export function hashOfWord(word: string): number {
  let hash = hashStart;
  for (let at = 0; at < word.length; at += 1) hash = hashWith(hash, word.charCodeAt(at));
  return endOfHash(hash);
}
