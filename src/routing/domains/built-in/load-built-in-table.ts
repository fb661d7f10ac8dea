// The table of the built-in domains alone, as it ships with the program: most Model APIs have no domain of their own, and
// need not wait until it is learnt again. Knows no policy.
import { readFileSync } from "node:fs";

/** Stands in a policy in place of a table; no base64. */
export const builtInTable = "built-in";

let loaded: Uint8Array | undefined;

/** Bytes of a policy's table. @param table base64, or `builtInTable` */
export function domainTableBytes(table: string): Uint8Array {
  if (table !== builtInTable) return Buffer.from(table, "base64");
  loaded ??= new Uint8Array(readFileSync(new URL("./built-in.table", import.meta.url)));
  return loaded;
}
