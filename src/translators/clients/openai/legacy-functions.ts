// The form of calls before tools, for clients that asked in it: `function_call` in place of the first tool call. Must not
// know requests beyond that.
import { isJsonObject } from "../../../lib/json-value.ts";
import type { ClientRequest } from "../../translation.ts";

/** Whether the client knows functions only. */
export function asksForFunctions({ body }: ClientRequest): boolean {
  return isJsonObject(body) && Array.isArray(body["functions"]) && !Array.isArray(body["tools"]);
}
