// In which of DashScope's forms a client wants its answer: its request says so. Must not know answers.
import { isJsonObject, listOf, memberOf } from "../../../lib/json-value.ts";
import type { ClientRequest } from "../../translation.ts";

export interface AnswerForm {
  /** `text`: `output.text`. `message`: `output.choices`. `parts`: the same with content as a list, as on the multimodal path. */
  readonly content: "text" | "message" | "parts";
  /** Each event of a stream brings what is new; else all there is so far. */
  readonly incremental: boolean;
}

export function answerForm({ body }: ClientRequest): AnswerForm {
  const parameters = memberOf(body, "parameters");
  return {
    content: contentForm(body, parameters),
    incremental: memberOf(parameters, "incremental_output") === true,
  };
}

/** A bare text is what is given unasked, though not where there is more to tell than one. */
function contentForm(body: unknown, parameters: unknown): AnswerForm["content"] {
  if (listOf(memberOf(body, "input"), "messages").some(hasParts)) return "parts";
  const asked = memberOf(parameters, "result_format");
  if (asked === "message") return "message";
  if (listOf(parameters, "tools").length > 0 || memberOf(parameters, "enable_thinking") === true)
    return "message";
  return "text";
}

/** On the multimodal path parts have no type: their member tells. */
function hasParts(message: unknown): boolean {
  return listOf(message, "content").some((part) => isJsonObject(part) && !Object.hasOwn(part, "type"));
}
