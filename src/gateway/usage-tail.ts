// Finds the usage of a JSON answer that is too large to be judged whole: it stands near the end. Keeps a bounded tail.
import type { Usage } from "../core/usage.ts";
import { skipSpace } from "../lib/json-scan.ts";
import type { Wire } from "../protocols/wire.ts";

const tailBytes = 16 * 1024;
const key = Buffer.from('"usage"');
const colon = 0x3a;
const openBrace = 0x7b;
const closeBrace = 0x7d;

export class UsageTail {
  #tail = Buffer.alloc(0);

  push(chunk: Buffer): void {
    const joined = chunk.length >= tailBytes ? chunk : Buffer.concat([this.#tail, chunk]);
    // A copy, so that a small tail does not keep a large answer in memory.
    this.#tail = Buffer.from(joined.subarray(Math.max(0, joined.length - tailBytes)));
  }

  /** The last usage object in the tail, read by the protocol's own rules. */
  usage(wire: Wire): Usage | undefined {
    const open = lastUsageStart(this.#tail);
    if (open === -1) return undefined;
    const end = closingBrace(this.#tail, open);
    if (end === -1) return undefined;
    const verdict = wire.judge(
      Buffer.from(`{"usage":${this.#tail.toString("utf8", open, end + 1)}}`),
      "json",
    );
    return verdict.kind === "answer" ? verdict.usage : undefined;
  }
}

/** Where the last object begins that is the value of a `usage` key; -1 when there is none. Quotes inside strings are escaped, so keys are keys. */
function lastUsageStart(bytes: Buffer): number {
  for (let at = bytes.lastIndexOf(key); at !== -1; at = at === 0 ? -1 : bytes.lastIndexOf(key, at - 1)) {
    const separator = skipSpace(bytes, at + key.length);
    if (bytes[separator] !== colon) continue;
    const value = skipSpace(bytes, separator + 1);
    if (bytes[value] === openBrace) return value;
  }
  return -1;
}

/** Usage objects hold numbers and plain names only, so braces can be counted without reading strings. */
function closingBrace(bytes: Buffer, open: number): number {
  let depth = 0;
  for (let index = open; index < bytes.length; index += 1) {
    if (bytes[index] === openBrace) depth += 1;
    else if (bytes[index] === closeBrace) {
      depth -= 1;
      if (depth === 0) return index;
    }
  }
  return -1;
}
