// Choices of a streamed event whose numbers keep their digits where it matters: a few services write the arguments of a
// call as an object. All others write texts, and are not read twice.
import { parseExactJson } from "../../../lib/exact-json.ts";
import { isJsonObject, listOf, memberOf } from "../../../lib/json-value.ts";

export function exactEvent(choices: readonly unknown[], text: string): readonly unknown[] {
  return choices.some(hasObjectArguments) ? reread(choices, text) : choices;
}

function hasObjectArguments(choice: unknown): boolean {
  const calls = listOf(memberOf(choice, "delta") ?? memberOf(choice, "message"), "tool_calls");
  return calls.some((call) => isJsonObject(memberOf(memberOf(call, "function"), "arguments")));
}

/** Padded numbers are taken by the lenient reading only. */
function reread(choices: readonly unknown[], text: string): readonly unknown[] {
  try {
    return listOf(parseExactJson(text), "choices");
  } catch {
    return choices;
  }
}
