// Rows of requests in chat form with what Converse gets. Only for tests.
import { expect } from "vitest";
import type { ModelTraits } from "../../../core/model-traits.ts";
import type { ChatRequest } from "../../chat/chat-request.ts";
import { chatRequest, contextOf, type ContextOptions } from "../../translation-fixture.ts";
import { bedrockService } from "./bedrock-service.ts";

export interface Row {
  readonly name: string;
  readonly chat: Partial<ChatRequest>;
  readonly traits?: ModelTraits;
  readonly context?: ContextOptions;
  /** Members of the body. */
  readonly body: object;
  readonly warnings?: readonly string[];
}

export function sent(chat: Partial<ChatRequest>, options: ContextOptions = {}) {
  const context = contextOf(options);
  const call = bedrockService.request(chatRequest(chat), context);
  const warnings = context.notes.warnings.map(({ field, action }) => `${field};${action}`);
  // As it goes over the wire: raw numbers are written as they were read.
  const body: unknown = JSON.parse(JSON.stringify(call.body));
  return { path: call.path, body, text: JSON.stringify(call.body), warnings };
}

export function expectRow({ chat, traits = {}, context = {}, body, warnings = [] }: Row): void {
  const found = sent(chat, { traits, ...context });
  expect(found.body).toMatchObject(body);
  expect(found.warnings).toEqual(warnings);
}

export const user = { role: "user", content: "Hi" } as const;
export const call = (id: string, args = "{}", name = "f") =>
  ({ id, type: "function", function: { name, arguments: args } }) as const;
export const tool = { type: "function", function: { name: "f", parameters: { type: "object" } } } as const;
export const toolSpec = { toolSpec: { name: "f", inputSchema: { json: { type: "object" } } } };
