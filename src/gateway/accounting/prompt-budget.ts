// Keeps the beginning of requests whose answers are on their way, for the case that their service does not say what it
// read. Bounded over all exchanges of a thread.
import { maxRequestBytes, type Beginning } from "./token-ask.ts";

const budgetBytes = 64 * 1024 * 1024;
let heldBytes = 0;

const nothing = Buffer.alloc(0);

/** Without its bytes when too many are kept already. */
export function keepPrompt(body: Buffer): Beginning {
  const total = body.length;
  const length = Math.min(total, maxRequestBytes);
  if (heldBytes + length > budgetBytes) return { bytes: nothing, total };
  heldBytes += length;
  // Of a large body the rest is let go.
  return { bytes: total > length ? Buffer.from(body.subarray(0, length)) : body, total };
}

export function dropPrompt({ bytes }: Beginning): void {
  heldBytes -= bytes.length;
}
