// Takes growing Markdown apart into blocks, again only from where new text can change something. Draws nothing.
import { Lexer, type MarkedToken } from "marked";

export interface Lexed {
  readonly source: string;
  readonly blocks: readonly MarkedToken[];
}

export const nothingLexed: Lexed = { source: "", blocks: [] };

/**
 * @param before what was lexed of a shorter source
 * @returns blocks of the whole source; those that did not change are the same objects
 */
export function lexFurther(before: Lexed, text: string): Lexed {
  // As the lexer does, so that the lengths of the blocks add up to the source's.
  const source = text.replaceAll(/\r\n|\r/gu, "\n");
  if (source === before.source) return before;
  const kept = source.startsWith(before.source) ? settled(before) : [];
  const offset = lengthOf(kept);
  return { source, blocks: [...kept, ...lexAll(source.slice(offset))] };
}

/** All but the last two that are no white space: a block is closed once another has begun after it. */
function settled({ source, blocks }: Lexed): readonly MarkedToken[] {
  // Where the lexer left something out, places in the source cannot be told.
  if (lengthOf(blocks) !== source.length) return [];
  let end = blocks.length;
  let open = 0;
  while (end > 0 && open < 2) {
    end -= 1;
    if (blocks[end]?.type !== "space") open += 1;
  }
  return blocks.slice(0, end);
}

function lengthOf(blocks: readonly MarkedToken[]): number {
  return blocks.reduce((sum, { raw }) => sum + raw.length, 0);
}

function lexAll(source: string): readonly MarkedToken[] {
  // Without extensions the lexer makes no tokens but its own.
  return new Lexer({ gfm: true }).lex(source) as readonly MarkedToken[];
}
