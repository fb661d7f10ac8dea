// Reads OpenAI chat completion requests by their side, for tables. Only for tests.
import { GatewayError } from "../../../core/errors.ts";
import type { ChatRequest } from "../../chat/chat-request.ts";
import { contextOf } from "../../translation-fixture.ts";
import { openaiClient } from "./openai-client.ts";

export interface Read {
  readonly chat: ChatRequest;
  readonly notes: readonly string[];
}

const hi = { role: "user", content: "Hi" };

export function read(fields: object, stream = false): Read {
  const context = contextOf();
  const chat = openaiClient.request(
    { body: { model: "m", messages: [hi], ...fields }, model: "m", stream },
    context,
  );
  return { chat, notes: context.notes.warnings.map(({ field, action }) => `${field};${action}`) };
}

/** One message alone, as it stands in the chat form. */
export function readOne(message: object): unknown {
  return read({ messages: [message] }).chat.messages[0];
}

/** What stands at fault; undefined: the request is taken. */
export function faultOf(
  body: unknown,
): { readonly code: string; readonly param: string | undefined } | undefined {
  try {
    openaiClient.request({ body, model: "m", stream: false }, contextOf());
    return undefined;
  } catch (error) {
    if (error instanceof GatewayError) return { code: error.code, param: error.param };
    throw error;
  }
}
