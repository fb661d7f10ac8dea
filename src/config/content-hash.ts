// One word for the content of a file, to tell a change. Knows no file.
import { hash } from "node:crypto";

/** SHA-256 in hex; a word of its own for a file that is not there. */
export function contentHash(content: Uint8Array | undefined): string {
  return content === undefined ? "absent" : hash("sha256", content, "hex");
}
