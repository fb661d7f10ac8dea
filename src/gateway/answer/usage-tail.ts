// Finds the usage of a JSON answer that is too large to be judged whole: it stands near the end. Keeps a bounded tail.
import type { Usage } from "../../core/usage.ts";
import type { Wire } from "../../protocols/wire.ts";

const tailBytes = 16 * 1024;

export class UsageTail {
  #tail = Buffer.alloc(0);

  /** All bytes that came. */
  total = 0;

  push(chunk: Buffer): void {
    this.total += chunk.length;
    const joined = chunk.length >= tailBytes ? chunk : Buffer.concat([this.#tail, chunk]);
    // A copy, so that a small tail does not keep a large answer in memory.
    this.#tail = Buffer.from(joined.subarray(Math.max(0, joined.length - tailBytes)));
  }

  /** The end of what came. */
  get bytes(): Buffer {
    return this.#tail;
  }

  /** The last usage object in the tail, read by the protocol's own rules. */
  usage(wire: Wire): Usage | undefined {
    return wire.usageInTail(this.#tail);
  }
}
