// Asks an OpenAI-compatible service by its side, for tables of requests. Only for tests.
import { expect } from "vitest";
import type { ModelTraits } from "../../../core/model-traits.ts";
import type { ChatRequest } from "../../chat/chat-request.ts";
import { chatRequest, contextOf } from "../../translation-fixture.ts";
import { openaiService } from "./openai-service.ts";

export interface Asked {
  readonly body: Readonly<Record<string, unknown>>;
  readonly notes: readonly string[];
}

export function ask(chat: Partial<ChatRequest>, traits: ModelTraits = {}): Asked {
  const context = contextOf({ traits });
  const { body, path } = openaiService.request(chatRequest(chat), context);
  expect(path).toBe("/v1/chat/completions");
  return { body, notes: context.notes.warnings.map(({ field, action }) => `${field};${action}`) };
}

export const call = (id: string, rest: object = {}) =>
  ({ id, type: "function", function: { name: "f", arguments: "{}" }, ...rest }) as const;
