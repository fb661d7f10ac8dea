// Google's state on a tool call, as its OpenAI-compatible service writes it.
import { memberOf, textOf } from "../../../lib/json-value.ts";
import type { ToolCall } from "../../chat/chat-request.ts";

export function thoughtSignatureOf(call: unknown): Pick<ToolCall, "extra_content"> {
  const google = memberOf(memberOf(call, "extra_content"), "google");
  const signature = textOf(google, "thought_signature");
  return signature === undefined ? {} : { extra_content: { google: { thought_signature: signature } } };
}
