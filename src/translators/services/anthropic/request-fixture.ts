// What tests of requests to Anthropic share: how one is made, and the pieces of conversations. Only for tests.
import type { ChatMessage, ChatRequest, ChatTool } from "../../chat/chat-request.ts";
import { chatRequest, contextOf, type ContextOptions } from "../../translation-fixture.ts";
import { anthropicService } from "./anthropic-service.ts";

export interface Made {
  /** As it is sent. */
  readonly body: Record<string, unknown>;
  readonly headers: readonly string[];
  readonly warnings: readonly string[];
}

export function make(fields: Partial<ChatRequest>, options: ContextOptions = {}): Made {
  const context = contextOf(options);
  const { body, headers = [] } = anthropicService.request(chatRequest(fields), context);
  return {
    // What is sent is the object that it was made from.
    body: JSON.parse(JSON.stringify(body)) as Record<string, unknown>,
    headers,
    warnings: context.notes.warnings.map(({ field, action }) => `${field};${action}`),
  };
}

export const user = (text: string): ChatMessage => ({ role: "user", content: text });
export const said = (text: string) => ({ type: "text", text });
export const tool = (name: string): ChatTool => ({
  type: "function",
  function: { name, parameters: { type: "object", properties: {} } },
});
export const call = (id: string, name = "look", text = "{}") =>
  ({ id, type: "function", function: { name, arguments: text } }) as const;
