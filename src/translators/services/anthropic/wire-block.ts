// What is gathered while an Anthropic request is made: beta features that it needs and marks of what to cache. Must not
// know the chat form's messages.
import { isJsonObject } from "../../../lib/json-value.ts";
import type { CacheControl } from "../../chat/chat-request.ts";
import type { TranslationNotes } from "../../translation-notes.ts";

/** A content block, a text of the system prompt or a tool, while it is made. */
export type WireBlock = Record<string, unknown>;

/** Anthropic refuses a fifth one. */
const mostMarks = 4;

interface Mark {
  readonly block: WireBlock;
  readonly field: string;
}

export class Gathered {
  readonly betas = new Set<string>();
  readonly #marks: Mark[] = [];

  /** Marks a block as one to cache up to, if the client did. @param field where the client wrote it */
  mark(block: WireBlock, cacheControl: CacheControl | undefined, field: string): WireBlock {
    // As the client wrote it: null is as good as none.
    if (!isJsonObject(cacheControl)) return block;
    block["cache_control"] = cacheControl;
    this.#marks.push({ block, field });
    return block;
  }

  /** The last marks stay: what lies before one of them is cached with it. @param others marks that stand elsewhere */
  dropExtraMarks(others: number, notes: TranslationNotes): void {
    const extra = this.#marks.length + others - mostMarks;
    for (const { block, field } of this.#marks.slice(0, Math.max(0, extra))) {
      delete block["cache_control"];
      notes.dropped(`${field}.cache_control`);
    }
  }
}
