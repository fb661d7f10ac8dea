// Listens to an answer as its client gets it, and has all of it in the end, or nothing. Bounded. Knows no store.
import type { AnswerTap } from "../capture/capture.ts";
import type { ContentBudget } from "../capture/content-budget.ts";
import { headerOf } from "../raw-headers.ts";

const firstBytes = 4 * 1024;

export class AnswerCopy implements AnswerTap {
  readonly #maxBytes: number;
  readonly #budget: ContentBudget;
  contentType = "";
  #buffer = Buffer.alloc(0);
  #length = 0;
  #ended = false;
  #failed = false;

  /** @param budget shared by all answers of a data plane */
  constructor(maxBytes: number, budget: ContentBudget) {
    this.#maxBytes = maxBytes;
    this.#budget = budget;
  }

  head(headers: readonly string[]): void {
    this.contentType = headerOf(headers, "content-type") ?? "";
    // Whoever gets it next need not understand the coding.
    const coding = headerOf(headers, "content-encoding")?.toLowerCase() ?? "identity";
    if (coding !== "identity") this.#failed = true;
  }

  piece(bytes: Buffer | string): void {
    if (this.#failed) return;
    const piece = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
    if (!this.#hasRoom(this.#length + piece.length)) return this.release();
    piece.copy(this.#buffer, this.#length);
    this.#length += piece.length;
  }

  #hasRoom(length: number): boolean {
    if (length > this.#maxBytes) return false;
    if (length <= this.#buffer.length) return true;
    const size = Math.min(this.#maxBytes, Math.max(length, 2 * this.#buffer.length, firstBytes));
    if (!this.#budget.take(size - this.#buffer.length)) return false;
    const grown = Buffer.allocUnsafeSlow(size);
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
    return true;
  }

  end(): void {
    this.#ended = true;
  }

  /** The whole body, in memory of its own; undefined while it is not whole, and for one that was too large. */
  get body(): Uint8Array | undefined {
    if (!this.#ended || this.#failed || this.#length === 0) return undefined;
    return new Uint8Array(this.#buffer.subarray(0, this.#length));
  }

  /** Gives its memory back; of no use after that. */
  release(): void {
    this.#budget.give(this.#buffer.length);
    this.#buffer = Buffer.alloc(0);
    this.#failed = true;
  }
}
