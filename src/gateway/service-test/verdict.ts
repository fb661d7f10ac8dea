// What an answer to a test request means. Pure; knows statuses and JSON, no protocol.
import { memberOf, parseJson } from "../../lib/json-value.ts";
import { isErrorValue } from "../../protocols/reported-error.ts";
import type { Asked } from "./ask.ts";
import { upstreamText } from "./upstream-text.ts";

export type Verdict =
  /** @param value the answer as JSON */
  | { readonly kind: "good"; readonly value: unknown }
  /** The service has nothing at this address. */
  | { readonly kind: "absent"; readonly message: string }
  | { readonly kind: "bad"; readonly message: string };

const absentStatuses: ReadonlySet<number> = new Set([404, 405, 501]);

/** @param secrets that no message may hold */
export function verdictOn({ status, contentType, body }: Asked, secrets: readonly string[]): Verdict {
  const said = (what: string, kind: "absent" | "bad" = "bad"): Verdict => {
    const text = upstreamText(body, secrets);
    return { kind, message: text === "" ? what : `${what} The service says: ${text}` };
  };
  if (status >= 300 && status < 400) {
    const message = `The service answers with a redirect (${status}), which is never followed: give the address it leads to.`;
    return { kind: "bad", message };
  }
  if (absentStatuses.has(status))
    return said(`The service has nothing at this address (${status}).`, "absent");
  if (status === 401 || status === 403) return said(`The key is not accepted (${status}).`);
  if (status === 429) return said("The service refuses more requests for now (429).");
  if (status < 200 || status >= 300) return said(`The service answers with status ${status}.`);
  const value = parseJson(body);
  if (value === undefined) {
    const page = /^\s*text\/html/iu.test(contentType) || /^\s*</u.test(body);
    const what = page ? "a web page" : "something that is not JSON";
    return {
      kind: "bad",
      message: `The service answers with ${what} where JSON is due (${status}): is the base URL right?`,
    };
  }
  if (isErrorValue(memberOf(value, "error")))
    return said(`The service reports an error in status ${status}.`);
  return { kind: "good", value };
}
