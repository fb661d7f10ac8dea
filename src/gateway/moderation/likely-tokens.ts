// Where an answer spells its text once more, token by token with its bytes: what is masked goes there as well. Must not
// know what was masked.
import type { Edit } from "../../lib/json-splice.ts";
import { JsonStrings } from "../../lib/json-strings.ts";
import { skipSpace } from "../../lib/json-scan.ts";
import { afterValue } from "../../lib/json-edit.ts";

const members: ReadonlySet<unknown> = new Set(["logprobs", "logprobsResult", "logprobs_result"]);

/** The edits of a JSON text, and such members made empty if there are any edits. */
export function withoutTokens(bytes: Buffer, edits: readonly Edit[]): readonly Edit[] {
  if (edits.length === 0 || !bytes.includes("logprobs")) return edits;
  const emptied = tokenMembers(bytes);
  const others = edits.filter(
    ({ start }) => !emptied.some((each) => start >= each.start && start < each.end),
  );
  return [...others, ...emptied].toSorted((one, other) => one.start - other.start);
}

function tokenMembers(bytes: Buffer): Edit[] {
  const found: Edit[] = [];
  const strings = new JsonStrings(bytes);
  while (strings.next()) {
    if (!strings.isKey || !members.has(strings.path.at(-1))) continue;
    const start = skipSpace(bytes, skipSpace(bytes, strings.end) + 1);
    if (start < (found.at(-1)?.end ?? 0)) continue;
    const text = emptyOf[bytes[start] ?? 0];
    if (text !== undefined) found.push({ start, end: afterValue(bytes, start), text });
  }
  return found;
}

/** By the first byte of a value: what holds nothing and is of a kind that clients expect. */
const emptyOf: Readonly<Record<number, string>> = { 0x5b: "[]", 0x7b: "null" };
