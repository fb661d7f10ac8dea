// Cuts a text into pieces of bounded length, where a sentence ends if one does. Must not know what they are for.

/** After one of these, with the white space that follows. */
const sentenceEnd = /[.!?…;。！？；\n][\s"'”’」』)）]*/gu;
const wordEnd = /[\s,，、]/u;

/** The pieces together are the text, character by character. @param most UTF-16 units of a piece */
export function sentencePieces(text: string, most: number): string[] {
  const pieces: string[] = [];
  let at = 0;
  while (text.length - at > most) {
    const end = at + cutOf(text.slice(at, at + most));
    pieces.push(text.slice(at, end));
    at = end;
  }
  if (at < text.length) pieces.push(text.slice(at));
  return pieces;
}

function cutOf(window: string): number {
  let end = 0;
  for (const match of window.matchAll(sentenceEnd)) end = match.index + match[0].length;
  if (end > 0) return end;
  for (let at = window.length - 1; at > 0; at -= 1) if (wordEnd.test(window.charAt(at))) return at + 1;
  // Never through a pair of surrogates.
  return (window.charCodeAt(window.length - 1) & 0xfc00) === 0xd800 && window.length > 1
    ? window.length - 1
    : window.length;
}
