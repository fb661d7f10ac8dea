// The text under which an id is remembered. Must not know families.
import { createHash } from "node:crypto";

/** Longer ones are remembered by their digest: clients may choose anything, and stores and indexes are bounded. */
const longestId = 256;

/** Undefined for what cannot be an id. */
export function boundedId(text: string): string | undefined {
  if (text === "" || text.includes("\0") || !text.isWellFormed()) return undefined;
  return text.length <= longestId ? text : `sha256:${createHash("sha256").update(text).digest("hex")}`;
}
