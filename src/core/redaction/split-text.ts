// Text that comes in pieces, as models stream it: what is to be masked may begin in one event and end in another. Finds
// the pieces of a text of events, whatever frames them, puts them together, and masks in each its part. Knows no rule.

/** Members in which protocols send pieces of text. */
const pieceNames = [
  "content",
  "text",
  "delta",
  "reasoning_content",
  "reasoning",
  "thinking",
  "refusal",
  "arguments",
  "partial_json",
  "transcript",
  "value",
];
const piece = new RegExp(
  String.raw`"(${pieceNames.join("|")})"[ \t]{0,4}:[ \t]{0,4}"([^"\\\n]*(?:\\.[^"\\\n]*)*)"`,
  "g",
);
const indexInLine = /"index"[ \t]{0,4}:[ \t]{0,4}(\d{1,6})/;
const mask = "<redacted>";

interface Piece {
  /** Where the text in quotes stands. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Part of a text, its end not included. */
export type Span = readonly [start: number, end: number];
type Finder = (text: string) => readonly Span[];

/**
 * @param find what is to be masked in pieces put together, in order
 * @returns the text with everything masked that stands in more than one piece
 */
export function withoutSplit(text: string, find: Finder): string {
  const edits: { readonly piece: Piece; readonly text: string }[] = [];
  for (const pieces of piecesOf(text).values()) {
    if (pieces.length > 1) edits.push(...editsOf(pieces, find));
  }
  let edited = "";
  let from = 0;
  for (const edit of edits.toSorted((left, right) => left.piece.start - right.piece.start)) {
    edited += text.slice(from, edit.piece.start) + JSON.stringify(edit.text).slice(1, -1);
    from = edit.piece.end;
  }
  return edited + text.slice(from);
}

/** By the member that they stand in and, of several answers at once, by the answer. */
function piecesOf(text: string): Map<string, Piece[]> {
  const groups = new Map<string, Piece[]>();
  let lineEnd = -1;
  let index = "";
  for (const match of text.matchAll(piece)) {
    if (match.index > lineEnd) {
      const begins = text.lastIndexOf("\n", match.index) + 1;
      const ends = text.indexOf("\n", match.index);
      lineEnd = ends === -1 ? text.length : ends;
      index = indexInLine.exec(text.slice(begins, lineEnd))?.[1] ?? "";
    }
    const [, name = "", quoted = ""] = match;
    const end = match.index + match[0].length - 1;
    const group = `${name} ${index}`;
    const found = { start: end - quoted.length, end, text: unquoted(quoted) };
    const known = groups.get(group);
    if (known === undefined) groups.set(group, [found]);
    else known.push(found);
  }
  return groups;
}

function unquoted(quoted: string): string {
  if (!quoted.includes("\\")) return quoted;
  try {
    return String(JSON.parse(`"${quoted}"`));
  } catch {
    return quoted;
  }
}

function editsOf(pieces: readonly Piece[], find: Finder): { piece: Piece; text: string }[] {
  const spans = find(pieces.map((one) => one.text).join(""));
  if (spans.length === 0) return [];
  const edits: { piece: Piece; text: string }[] = [];
  let start = 0;
  let next = 0;
  for (const one of pieces) {
    const end = start + one.text.length;
    const parts: Span[] = [];
    for (; next < spans.length; next += 1) {
      const [from, to] = spans[next] ?? [end, end];
      if (from >= end) break;
      parts.push([from - start, to - start]);
      if (to > end) break;
    }
    const masked = maskedPiece(one.text, parts, find);
    if (masked !== one.text) edits.push({ piece: one, text: masked });
    start = end;
  }
  return edits;
}

/** @param spans that touch this piece, counted from its beginning */
function maskedPiece(text: string, spans: readonly Span[], find: Finder): string {
  if (spans.length === 0) return text;
  // What can be told from this piece alone is masked by its own rule, with its own name.
  const alone = find(text);
  let masked = "";
  let from = 0;
  for (const [start, end] of spans) {
    if (start >= 0 && end <= text.length && alone.some(([first, last]) => first <= start && end <= last))
      continue;
    masked += text.slice(from, Math.max(from, start)) + (start >= 0 ? mask : "");
    from = Math.min(text.length, end);
  }
  return masked + text.slice(from);
}
